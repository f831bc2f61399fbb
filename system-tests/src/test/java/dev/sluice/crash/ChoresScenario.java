package dev.sluice.crash;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leaves a chore to the sweep and disturbs it there: once it was left to itself, what has come of
 * the document is as if nobody had.
 */
final class ChoresScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** Later than all that a sweep does for the second time. */
  private static final Duration AN_HOUR = Duration.ofMinutes(61);

  /** Later than any upload is waited for. */
  private static final Duration A_DAY = Duration.ofHours(25);

  /** Later than any buffer or nonce is kept. */
  private static final Duration A_WEEK = Duration.ofDays(8);

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

  private static final String LAST_ATTEMPT_OF_THE_JOB =
      """
      update upload_jobs
      set attempts = 4, leased_until = clock_timestamp()
      where job_id = ?
      returning job_id
      """;

  private static final String LAST_ATTEMPT_OF_THE_BATCH =
      """
      update embedding_batches
      set attempts = 4, leased_until = '2026-01-01T00:00:00Z'
      where job_id = ?
      returning batch_id
      """;

  private static final String EMBEDDING =
      """
      update upload_jobs
      set status = 'embedding_in_progress'
      where job_id = ? and status = 'embedding_queued'
      returning job_id
      """;

  private static final String NOT_SENT =
      """
      update webhook_log
      set emitted_at = null, received_at = clock_timestamp() - interval '2 minutes'
      where job_id = ?
      returning nonce
      """;

  private static final String NEVER_CAME =
      "delete from webhook_log where job_id = ? returning nonce";

  private static final String LOST =
      """
      delete from document_chunks
      where chunk_id in (
        select chunk_id from document_chunks where user_id = ? order by chunk_ord limit 1)
      returning chunk_id
      """;

  private static final String NOT_CHECKED =
      "update upload_jobs set checked_at = null where user_id = ? returning job_id";

  private final CrashCloud cloud;
  private final SweepScenario stuck;
  private final Set<Passed> idle;
  private final Map<Chore, Ended> undisturbed = new EnumMap<>(Chore.class);

  private ChoresScenario(CrashCloud cloud, Set<Passed> idle) {
    this.cloud = cloud;
    this.stuck = new SweepScenario(cloud);
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

  /** With what the providers had charged before. */
  private record Prepared(Client client, UUID job, Charges before) {}

  /**
   * The cells at the boundaries where a sweep with this chore changes something of the tenant's,
   * and at those that a sweep without any chore does not pass.
   */
  List<Cell> record(Chore chore) throws Exception {
    var prepared = prepare(chore);
    var changing = new Changes(prepared.client.user);
    cloud.faults.begin(changing);
    var unused = cloud.sweep();
    var boundaries =
        cloud.faults.trace().stream()
            .filter(boundary -> boundary.function().equals("sweep"))
            .filter(boundary -> changing.at.contains(boundary.name()) || isOwn(boundary))
            .toList();
    var ended = end(prepared, 0);
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
    var prepared = prepare(chore);
    var strike = new Strike(cell, cloud.clock);
    cloud.faults.begin(strike);
    var unused = cloud.sweep();
    var ended = end(prepared, Verdict.MOST_UNMADE);
    var expected = Objects.requireNonNull(undisturbed.get(chore));
    return new Verdict(cloud, expected.evidence(), chore.end()).on(cell, strike.when(), ended);
  }

  private Prepared prepare(Chore chore) throws Exception {
    cloud.faults.begin(FaultPlan.NONE);
    finishOthers(chore == Chore.PURGE ? A_WEEK : AN_HOUR);
    var before = Charges.of(cloud);
    return switch (chore) {
      case EXPIRE -> {
        var client = new Client(cloud);
        var created = client.announce(Sample.SHORT);
        cloud.jump(A_DAY);
        yield new Prepared(client, job(created), before);
      }
      case EXHAUST -> prepared(stuckIn("validate", LAST_ATTEMPT_OF_THE_JOB), before);
      case EXHAUST_BATCH ->
          prepared(stuckIn("embed", LAST_ATTEMPT_OF_THE_BATCH, EMBEDDING), before);
      case RESEND -> prepared(uncollected(NOT_SENT), before);
      case POLL -> {
        var uncollected = uncollected(NEVER_CAME);
        cloud.jump(Duration.ofMinutes(3));
        yield prepared(uncollected, before);
      }
      case CANCEL_PARSE -> prepared(cancelled(uncollected()), before);
      case CLOSE_CALL -> {
        var complete = complete();
        search(complete.client());
        cloud.jump(AN_HOUR);
        yield prepared(complete, before);
      }
      case GIVE_UP -> prepared(cancelled(stuckIn("validate")), before);
      case PURGE -> {
        var complete = complete();
        cloud.jump(A_WEEK);
        yield prepared(complete, before);
      }
      case REPAIR -> {
        var complete = complete();
        var unused = cloud.ask(LOST, complete.client().user);
        unused = cloud.ask(NOT_CHECKED, complete.client().user);
        yield prepared(complete, before);
      }
    };
  }

  /** What earlier cells have left to sweeps to come. */
  private void finishOthers(Duration time) throws Exception {
    cloud.jump(time);
    var unused = cloud.sweep();
    unused = cloud.sweep();
    new Recovery(cloud).drain(PATIENCE);
  }

  private static UUID job(JsonNode created) {
    return UUID.fromString(created.path("job_id").asText());
  }

  private static Prepared prepared(SweepScenario.Stuck document, Charges before) {
    return new Prepared(document.client(), document.job(), before);
  }

  private SweepScenario.Stuck stuckIn(String function, String... statements) throws Exception {
    var document = stuck.stuckIn(function);
    for (var statement : statements) {
      var unused = cloud.ask(statement, document.job());
    }
    return document;
  }

  /** The parser is done with it, and what the parse function was told of that is lost. */
  private SweepScenario.Stuck uncollected(String... statements) throws Exception {
    var asked = new AtomicBoolean();
    cloud.faults.begin(
        boundary -> {
          boolean collects =
              boundary.function().equals("parse")
                  && boundary.step().equals("commit: claim upload_jobs")
                  && boundary.occurrence() > 1;
          asked.compareAndSet(false, collects);
          return collects ? Fault.BREAK : Fault.PASS;
        });
    var client = new Client(cloud);
    var created = client.upload(Sample.SHORT);
    new Recovery(cloud).until(PATIENCE, asked::get);
    new Recovery(cloud).until(PATIENCE, cloud::isQuiet);
    purge("parse");
    for (var statement : statements) {
      var unused = cloud.ask(statement, job(created));
    }
    return new SweepScenario.Stuck(client, created, job(created));
  }

  /** What the parse function is told of it is lost too. */
  private SweepScenario.Stuck cancelled(SweepScenario.Stuck document) throws Exception {
    cloud.faults.begin(
        boundary ->
            boundary.function().equals("parse") && boundary.step().startsWith("commit")
                ? Fault.BREAK
                : Fault.PASS);
    document.client().act(Act.CANCEL, document.created());
    new Recovery(cloud).until(PATIENCE, cloud::isQuiet);
    purge("parse");
    return document;
  }

  private void purge(String function) {
    cloud.sqs().purgeQueue(r -> r.queueUrl(cloud.url("sluice-" + function)));
  }

  private SweepScenario.Stuck complete() throws Exception {
    var client = new Client(cloud);
    var created = client.upload(Sample.SHORT);
    var recovery = new Recovery(cloud);
    var unused = recovery.finish(job(created), PATIENCE);
    recovery.drain(PATIENCE);
    return new SweepScenario.Stuck(client, created, job(created));
  }

  /** A question whose first call of OpenAI is paid for, and whose function dies of it. */
  private void search(Client client) {
    cloud.faults.begin(
        FaultPlan.once("api", "openai POST /v1/embeddings", 1, Side.AFTER, Fault.KILL));
    var unused = client.search("Which barge has sentence 7?");
  }

  private Ended end(Prepared prepared, int mostUnmade) throws Exception {
    var recovery = new Recovery(cloud);
    var user = prepared.client.user;
    var status = recovery.finish(prepared.job, PATIENCE);
    recovery.until(PATIENCE, () -> cloud.ask(LEFT, user).isEmpty());
    var at = cloud.clock.instant();
    recovery.drain(PATIENCE);
    var evidence = Evidence.of(cloud, user);
    var charged = Charges.of(cloud).since(prepared.before);
    return new Ended(status, at, evidence, charged.differences(List.of(evidence), mostUnmade));
  }
}
