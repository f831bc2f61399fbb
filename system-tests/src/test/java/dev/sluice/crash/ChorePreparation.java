package dev.sluice.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings a document to where nothing but a sweep can do the rest. */
final class ChorePreparation {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** Later than all that a sweep does for the second time. */
  private static final Duration AN_HOUR = Duration.ofMinutes(61);

  /** Later than any upload is waited for. */
  private static final Duration A_DAY = Duration.ofHours(25);

  /** Later than any buffer or nonce is kept. */
  private static final Duration A_WEEK = Duration.ofDays(8);

  private static final String LAST_ATTEMPT_OF_THE_JOB =
      """
      update upload_jobs
      set attempts = 4, leased_until = clock_timestamp()
      where job_id = ?
      returning job_id
      """;

  /** The end of a batch's lease is part of what is compared. */
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

  ChorePreparation(CrashCloud cloud) {
    this.cloud = cloud;
    this.stuck = new SweepScenario(cloud);
  }

  /** With what the providers had charged before. */
  record Prepared(Client client, UUID job, Charges before) {}

  /** Leaves the chore to the next sweep. */
  Prepared prepare(Chore chore) throws Exception {
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
}
