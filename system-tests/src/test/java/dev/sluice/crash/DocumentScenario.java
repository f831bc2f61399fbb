package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.fault.FunctionProcesses;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Disturbs a function while a document goes its way: what comes of it is as if nobody had. */
final class DocumentScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final CrashCloud cloud;
  private final Map<Sample, Evidence> undisturbed = new EnumMap<>(Sample.class);

  DocumentScenario(CrashCloud cloud) {
    this.cloud = cloud;
  }

  /** Sends one through undisturbed, and returns the boundaries that it has passed. */
  List<Boundary> record(Sample sample) throws Exception {
    var ended = run(sample, FaultPlan.NONE, 0);
    var trace = cloud.faults.trace();
    if (!ended.status().equals(sample.end()) || !ended.unbooked().isEmpty()) {
      throw new AssertionError(
          "undisturbed, " + sample + " is " + ended.status() + "; " + ended.unbooked());
    }
    var before = undisturbed.put(sample, ended.evidence());
    if (before != null && !ended.evidence().differences(before).isEmpty()) {
      throw new AssertionError(
          "two undisturbed runs differ: " + ended.evidence().differences(before));
    }
    return trace;
  }

  /** What the document leaves when nothing goes wrong. */
  Evidence undisturbed(Sample sample) {
    return Objects.requireNonNull(undisturbed.get(sample));
  }

  CellResult run(Cell cell) throws Exception {
    if (cell.cold()) {
      FunctionProcesses.kill(cell.function());
    }
    var sample = Sample.of(cell);
    var strike = new Strike(cell, cloud.clock);
    var ended = run(sample, strike, Verdict.MOST_UNMADE);
    return new Verdict(cloud, undisturbed(sample), sample.end()).on(cell, strike.when(), ended);
  }

  private Ended run(Sample sample, FaultPlan plan, int mostUnmade) throws Exception {
    cloud.faults.begin(plan);
    var before = Charges.of(cloud);
    var client = new Client(cloud);
    var recovery = new Recovery(cloud);
    var created = client.upload(sample);
    var job = UUID.fromString(created.path("job_id").asText());
    var status = recovery.finish(job, PATIENCE);
    var finished = cloud.clock.instant();
    if (status.equals("complete")) {
      var unused = client.job(created);
      unused = client.search("Which barge has sentence 7?");
    }
    recovery.drain(PATIENCE);
    if (!sample.end().equals("complete")) {
      setAside(sample);
    }
    var evidence = Evidence.of(cloud, client.user);
    var charged = Charges.of(cloud).since(before);
    return new Ended(
        status, finished, evidence, charged.differences(List.of(evidence), mostUnmade));
  }

  /** The one message that the job failed on; more, or none, the verdict finds. */
  private void setAside(Sample sample) {
    var deadLetters = "sluice-" + sample.function() + "-dead";
    if (cloud.messages().equals(Map.of(deadLetters, 1))) {
      cloud.sqs().purgeQueue(r -> r.queueUrl(cloud.url(deadLetters)));
    }
  }
}
