package dev.sluice.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.FaultPlan;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Disturbs the API while a user cancels an upload, has a failed job retried, deletes a document and
 * rolls one back, and the sweep while it drops a generation: what comes of it is as if nobody had.
 */
final class ActsScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** As a job stands that its validate stage has given up. */
  static final String FAILED =
      """
      update upload_jobs
      set status = 'failed_parse', attempts = 4, lease_token = null, leased_until = null,
          emit_due_at = null,
          last_error = '{"code": "unexpected_error", "message": "A defect.", "stage": "validate"}'
      where job_id = ?
      returning job_id
      """;

  private static final String LEFT =
      """
      select 1 from document_chunks where user_id = ?
      union all select 1 from document_chunk_buffer where user_id = ?
      union all select 1 from parsed_objects where user_id = ?
      union all select 1 from object_deletions where user_id = ? and again_at is not null
      """;

  private static final String DROPPED =
      """
      select 1 from document_chunks where user_id = ? and generation = 1
      union all select 1 from documents where user_id = ? and generations_due_at is not null
      union all select 1 from object_deletions where user_id = ? and again_at is not null
      """;

  private final CrashCloud cloud;
  private final SweepScenario sweep;
  private final Map<Act, Ended> undisturbed = new EnumMap<>(Act.class);

  ActsScenario(CrashCloud cloud, SweepScenario sweep) {
    this.cloud = cloud;
    this.sweep = sweep;
  }

  /** With what the providers had charged before. */
  private record Prepared(Client client, JsonNode created, UUID job, Charges before) {}

  /** The boundaries of the act in its function. */
  List<Boundary> record(Act act) throws Exception {
    var prepared = prepare(act);
    cloud.faults.begin(FaultPlan.NONE);
    perform(act, prepared);
    var trace = cloud.faults.trace();
    var ended = end(act, prepared, 0);
    if (!ended.unbooked().isEmpty()) {
      throw new AssertionError(act + " undisturbed: " + ended.unbooked());
    }
    undisturbed.put(act, ended);
    return trace.stream().filter(boundary -> boundary.function().equals(act.function())).toList();
  }

  /** What is left when nothing goes wrong. */
  Evidence undisturbed(Act act) {
    return Objects.requireNonNull(undisturbed.get(act)).evidence();
  }

  CellResult run(Cell cell) throws Exception {
    var act = Act.of(cell.act());
    var prepared = prepare(act);
    var strike = new Strike(cell, cloud.clock);
    cloud.faults.begin(strike);
    perform(act, prepared);
    var ended = end(act, prepared, Verdict.MOST_UNMADE);
    var expected = undisturbed.get(act);
    return new Verdict(cloud, expected.evidence(), expected.status())
        .on(cell, strike.when(), ended);
  }

  private Prepared prepare(Act act) throws Exception {
    cloud.faults.begin(FaultPlan.NONE);
    var before = Charges.of(cloud);
    return switch (act) {
      case CANCEL -> {
        var client = new Client(cloud);
        var created = client.announce(Sample.SHORT);
        yield new Prepared(client, created, job(created), before);
      }
      case RETRY -> {
        var stuck = sweep.stuckIn("validate");
        var unused = cloud.ask(FAILED, stuck.job());
        yield new Prepared(stuck.client(), stuck.created(), stuck.job(), before);
      }
      case DELETE -> complete(1, before);
      case ROLLBACK -> complete(2, before);
      case DROP -> {
        // What earlier acts have left to a sweep would be part of this one.
        var unused = cloud.sweep();
        yield complete(3, before);
      }
    };
  }

  /** So many complete generations of one document. */
  private Prepared complete(int generations, Charges before) throws Exception {
    var client = new Client(cloud);
    var created = client.upload(Sample.SHORT);
    complete(created);
    for (int generation = 2; generation <= generations; generation++) {
      created = client.upload(Sample.SHORT, created.path("document_id").asText());
      complete(created);
    }
    return new Prepared(client, created, job(created), before);
  }

  private void complete(JsonNode created) throws Exception {
    var recovery = new Recovery(cloud);
    var unused = recovery.finish(job(created), PATIENCE);
    recovery.drain(PATIENCE);
  }

  private static UUID job(JsonNode created) {
    return UUID.fromString(created.path("job_id").asText());
  }

  private void perform(Act act, Prepared prepared) throws Exception {
    if (act == Act.DROP) {
      var unused = cloud.sweep();
    } else {
      prepared.client.act(act, prepared.created);
    }
  }

  private Ended end(Act act, Prepared prepared, int mostUnmade) throws Exception {
    var recovery = new Recovery(cloud);
    var status = recovery.finish(prepared.job, PATIENCE);
    var at = cloud.clock.instant();
    var user = prepared.client.user;
    if (act == Act.DROP) {
      recovery.until(PATIENCE, () -> cloud.ask(DROPPED, user, user, user).isEmpty());
      at = cloud.clock.instant();
    }
    recovery.drain(PATIENCE);
    if (act == Act.DELETE) {
      recovery.until(PATIENCE, () -> cloud.ask(LEFT, user, user, user, user).isEmpty());
    }
    var evidence = Evidence.of(cloud, user);
    var charged = Charges.of(cloud).since(prepared.before);
    return new Ended(status, at, evidence, charged.differences(List.of(evidence), mostUnmade));
  }
}
