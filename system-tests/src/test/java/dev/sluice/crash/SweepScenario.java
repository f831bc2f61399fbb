package dev.sluice.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.fault.FunctionProcesses;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives a sweep something to do, then disturbs it: a document whose validate function died with the
 * lease in its hands, and one whose embed function did. Their rows are left as such a death leaves
 * them, and their messages are taken away, so that nothing but a sweep can help.
 */
final class SweepScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** By then the leases are over. */
  private static final Duration LEASES_END = Duration.ofSeconds(70);

  private static final String DIED_IN_A_JOB =
      """
      update upload_jobs
      set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '40 seconds'
      where job_id = ? and lease_token is null
      returning job_id
      """;

  private static final String DIED_IN_A_BATCH =
      """
      update embedding_batches
      set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '40 seconds'
      where job_id = ? and state = 'planned' and lease_token is null
      returning batch_id
      """;

  private static final Duration LOOK = Duration.ofMillis(20);

  private final CrashCloud cloud;

  SweepScenario(CrashCloud cloud) {
    this.cloud = cloud;
  }

  /** A document whose function died, with nothing but a sweep to help it. */
  record Stuck(Client client, JsonNode created, UUID job) {}

  /** The boundaries of a sweep that wakes a job and a batch. */
  List<Boundary> record() throws Exception {
    var stuck = List.of(stuckIn("validate"), stuckIn("embed"));
    pass(LEASES_END);
    cloud.faults.begin(FaultPlan.NONE);
    var unused = cloud.sweep();
    var trace = cloud.faults.trace();
    finish(stuck);
    return trace.stream().filter(boundary -> boundary.function().equals("sweep")).toList();
  }

  CellResult run(Cell cell, Evidence undisturbed) throws Exception {
    var before = Charges.of(cloud);
    var validate = stuckIn("validate");
    var embed = stuckIn("embed");
    pass(LEASES_END);
    if (cell.cold()) {
      FunctionProcesses.kill("sweep");
    }
    var strike = new Strike(cell, cloud.clock);
    cloud.faults.begin(strike);
    var unused = cloud.sweep();
    var statuses = finish(List.of(validate, embed));
    var finished = cloud.clock.instant();
    new Recovery(cloud).drain(PATIENCE);
    var evidence =
        List.of(evidence(statuses.getFirst(), validate), evidence(statuses.getLast(), embed));
    var unbooked = Charges.of(cloud).since(before).differences(evidence, Verdict.MOST_UNMADE);
    var verdict = new Verdict(cloud, undisturbed, "complete");
    var first = new Ended(statuses.getFirst(), finished, evidence.getFirst(), unbooked);
    var second = new Ended(statuses.getLast(), finished, evidence.getLast(), unbooked);
    var result = verdict.on(cell, strike.when(), first);
    return result.isGood() ? verdict.on(cell, strike.when(), second) : result;
  }

  private Evidence evidence(String status, Stuck stuck) throws Exception {
    if (status.equals("complete")) {
      var unused = stuck.client.search("Which barge has sentence 7?");
    }
    return Evidence.of(cloud, stuck.client.user);
  }

  Stuck stuckIn(String function) throws Exception {
    var struck = new AtomicBoolean();
    cloud.faults.begin(
        boundary ->
            boundary.function().equals(function)
                    && boundary.step().contains("claim ")
                    && struck.compareAndSet(false, true)
                ? Fault.BREAK
                : Fault.PASS);
    var client = new Client(cloud);
    var created = client.upload(Sample.SHORT);
    var job = UUID.fromString(created.path("job_id").asText());
    new Recovery(cloud).until(PATIENCE, struck::get);
    while (!cloud.isQuiet()) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    cloud.sqs().purgeQueue(r -> r.queueUrl(cloud.url("sluice-" + function)));
    var unused = cloud.ask(function.equals("embed") ? DIED_IN_A_BATCH : DIED_IN_A_JOB, job);
    return new Stuck(client, created, job);
  }

  /** Time goes by without a sweep. */
  private void pass(Duration time) throws Exception {
    cloud.jump(time);
  }

  private List<String> finish(List<Stuck> stuck) throws Exception {
    var recovery = new Recovery(cloud);
    var first = recovery.finish(stuck.getFirst().job, PATIENCE);
    var second = recovery.finish(stuck.getLast().job, PATIENCE);
    return List.of(first, second);
  }
}
