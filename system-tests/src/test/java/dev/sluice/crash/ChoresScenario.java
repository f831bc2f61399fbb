package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Leaves a chore to the sweep and disturbs it there: once it was left to itself, what has come of
 * the document is as if nobody had.
 */
final class ChoresScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** All that a sweep may change of one tenant's. */
  private static final String STATE =
      """
      with tenant as (select ?::uuid as id)
      select md5(concat_ws(' ',
        (select string_agg(j::text, ' ' order by job_id)
         from upload_jobs j join tenant on user_id = id),
        (select string_agg(b::text, ' ' order by batch_id)
         from embedding_batches b join tenant on user_id = id),
        (select string_agg(p::text, ' ' order by call_id)
         from provider_calls p join tenant on user_id = id),
        (select string_agg(w::text, ' ' order by job_id, nonce)
         from webhook_log w join tenant on user_id = id),
        (select string_agg(o::text, ' ' order by object_key)
         from object_deletions o join tenant on user_id = id),
        (select count(*) from document_chunk_buffer join tenant on user_id = id),
        (select count(*) from document_chunks join tenant on user_id = id)))
      """;

  /** What is still left to a sweep. */
  private static final String LEFT =
      """
      with tenant as (select ?::uuid as id)
      select 1 from provider_calls join tenant on user_id = id where state = 'started'
      union all
      select 1 from object_deletions join tenant on user_id = id where again_at is not null
      union all
      select 1 from upload_jobs join tenant on user_id = id
      where status = 'cancelled' and (purged_at is null or buffers_purged_at is null)
        or status = 'complete' and buffers_purged_at is null
          and status_changed_at <= clock_timestamp() - interval '7 days'
      union all
      select 1 from webhook_log join tenant on user_id = id
      where received_at <= clock_timestamp() - interval '7 days'
      union all
      select 1 from upload_jobs j join tenant on user_id = id
      where j.status = 'complete'
        and (j.progress ->> 'chunks_total')::integer <> (
          select count(*) from document_chunks c
          where c.document_id = j.document_id and c.generation = j.generation)
      """;

  private final CrashCloud cloud;
  private final ChorePreparation preparation;
  private final Set<Passed> idle;
  private final Map<Chore, Ended> undisturbed = new EnumMap<>(Chore.class);

  private ChoresScenario(CrashCloud cloud, Set<Passed> idle) {
    this.cloud = cloud;
    this.preparation = new ChorePreparation(cloud);
    this.idle = idle;
  }

  static ChoresScenario of(CrashCloud cloud) throws Exception {
    var unused = cloud.sweep();
    cloud.faults.begin(FaultPlan.NONE);
    unused = cloud.sweep();
    return new ChoresScenario(cloud, Set.copyOf(passed(cloud.faults.trace())));
  }

  /** A boundary in whatever process. */
  private record Passed(String step, int occurrence, Side side) {
    static Passed of(Boundary boundary) {
      return new Passed(boundary.step(), boundary.occurrence(), boundary.side());
    }
  }

  private static Set<Passed> passed(List<Boundary> trace) {
    var all = new LinkedHashSet<Passed>();
    trace.stream()
        .filter(boundary -> boundary.function().equals("sweep"))
        .forEach(boundary -> all.add(Passed.of(boundary)));
    return all;
  }

  /**
   * The cells at the boundaries where a sweep with this chore changes something of the tenant's,
   * and at those that a sweep without any chore does not pass.
   */
  List<Cell> record(Chore chore) throws Exception {
    var document = preparation.prepare(chore);
    var changing = new Changes(document.client().user);
    cloud.faults.begin(changing);
    var unused = cloud.sweep();
    var boundaries =
        cloud.faults.trace().stream()
            .filter(boundary -> boundary.function().equals("sweep"))
            .filter(boundary -> changing.at.contains(boundary.name()) || isOwn(boundary))
            .toList();
    var ended = end(document, 0);
    if (!ended.status().equals(chore.end()) || !ended.unbooked().isEmpty()) {
      throw new AssertionError(
          "undisturbed, " + chore + " is " + ended.status() + "; " + ended.unbooked());
    }
    if (changing.at.isEmpty()) {
      throw new AssertionError("a sweep changes nothing of " + chore);
    }
    undisturbed.put(chore, ended);
    var cells = new ArrayList<Cell>();
    for (var boundary : boundaries) {
      cells.add(Cell.of(boundary, Fault.KILL, false, chore.word()));
      cells.add(Cell.of(boundary, Fault.BREAK, false, chore.word()));
    }
    return cells;
  }

  private boolean isOwn(Boundary boundary) {
    return !boundary.step().startsWith("secrets ")
        && !boundary.step().equals("postgres session")
        && !idle.contains(Passed.of(boundary));
  }

  /** Looks at the tenant's rows before and after each of the sweep's steps. */
  private final class Changes implements FaultPlan {
    final Set<String> at = new HashSet<>();
    private final UUID user;
    private String before = "";

    Changes(UUID user) {
      this.user = user;
    }

    @Override
    public Fault at(Boundary boundary) {
      if (boundary.function().equals("sweep")) {
        var now = state();
        if (boundary.side() == Side.AFTER && !before.isEmpty() && !now.equals(before)) {
          at.add(boundary.name());
        }
        before = now;
      }
      return Fault.PASS;
    }

    private String state() {
      try {
        return cloud.ask(STATE, user).getFirst();
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  CellResult run(Cell cell) throws Exception {
    var chore = Chore.of(cell);
    var document = preparation.prepare(chore);
    var strike = new Strike(cell, cloud.clock);
    cloud.faults.begin(strike);
    var unused = cloud.sweep();
    var ended = end(document, Verdict.MOST_UNMADE);
    var expected = Objects.requireNonNull(undisturbed.get(chore));
    return new Verdict(cloud, expected.evidence(), chore.end()).on(cell, strike.when(), ended);
  }

  private Ended end(ChorePreparation.Prepared document, int mostUnmade) throws Exception {
    var recovery = new Recovery(cloud);
    var user = document.client().user;
    var status = recovery.finish(document.job(), PATIENCE);
    recovery.until(PATIENCE, () -> cloud.ask(LEFT, user).isEmpty());
    var at = cloud.clock.instant();
    recovery.drain(PATIENCE);
    var evidence = Evidence.of(cloud, user);
    var charged = Charges.of(cloud).since(document.before());
    return new Ended(status, at, evidence, charged.differences(List.of(evidence), mostUnmade));
  }
}
