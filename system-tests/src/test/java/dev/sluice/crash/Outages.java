package dev.sluice.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Lets documents go through an outage, and looks at what it has left when it is over. */
final class Outages {
  private static final Duration PATIENCE = Duration.ofMinutes(40);

  private final CrashCloud cloud;
  private final Evidence undisturbed;
  private final int documents;

  Outages(CrashMatrix matrix, int documents) {
    this(matrix.cloud, matrix.undisturbed(Sample.LONG), documents);
  }

  /**
   * @param undisturbed what {@link Sample#LONG} leaves when nothing goes wrong
   */
  Outages(CrashCloud cloud, Evidence undisturbed, int documents) {
    this.cloud = cloud;
    this.undisturbed = undisturbed;
    this.documents = documents;
  }

  /** What goes wrong while the documents are on their way; returns when it is over. */
  interface Trouble {
    void strike(Recovery time) throws Exception;
  }

  private record Upload(Client client, UUID job) {}

  /**
   * Uploads the documents, strikes, and waits until they are done.
   *
   * @param mostPaidMore calls that may be in the air when the trouble begins
   */
  CellResult endure(String where, String what, int mostPaidMore, Trouble trouble) throws Exception {
    cloud.faults.begin(dev.sluice.localstack.fault.FaultPlan.NONE);
    var before = Charges.of(cloud);
    var uploads = new ArrayList<Upload>();
    for (int i = 0; i < documents; i++) {
      var client = new Client(cloud);
      var created = client.upload(Sample.LONG);
      uploads.add(new Upload(client, UUID.fromString(created.path("job_id").asText())));
    }
    var recovery = new Recovery(cloud);
    trouble.strike(recovery);
    var over = cloud.clock.instant();
    var violations = new ArrayList<String>();
    for (var upload : uploads) {
      var status = recovery.finish(upload.job, PATIENCE);
      if (!status.equals("complete")) {
        violations.add("a job is " + status);
      }
    }
    return judge(where, what, mostPaidMore, over, uploads, before, violations);
  }

  private CellResult judge(
      String where,
      String what,
      int mostPaidMore,
      Instant over,
      List<Upload> uploads,
      Charges before,
      List<String> violations)
      throws Exception {
    var recovered = Duration.between(over, cloud.clock.instant());
    new Recovery(cloud).drain(PATIENCE);
    var ledgers = new ArrayList<Evidence>();
    int paidMore = 0;
    for (var upload : uploads) {
      var unused = upload.client.search("Which barge has sentence 7?");
      var evidence = Evidence.of(cloud, upload.client.user);
      violations.addAll(evidence.differences(undisturbed));
      ledgers.add(evidence);
      paidMore += evidence.paidMore(undisturbed);
    }
    violations.addAll(Charges.of(cloud).since(before).differences(ledgers, mostPaidMore));
    if (paidMore > mostPaidMore) {
      violations.add(paidMore + " calls paid for once more");
    }
    var messages = cloud.messages();
    if (!messages.isEmpty()) {
      violations.add("messages are left: " + messages);
    }
    if (recovered.compareTo(CrashMatrix.LONGEST_RECOVERY) >= 0) {
      violations.add("recovered after " + recovered.toSeconds() + " s of pipeline time");
    }
    return new CellResult(
        where, where, what, "complete", recovered, paidMore > 0, List.copyOf(violations));
  }
}
