package dev.sluice.webhook;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.StoragePath;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ParseMessage;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a parser's callback: first what costs only computation, then the job's row, then the
 * signature; after that it is recorded once, and the parse stage is told to look.
 */
@Singleton
final class AcceptDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptDelivery.class);

  private final AllowedSources sources;
  private final CallbackKeys keys;
  private final FailedAttempts failures;
  private final DeliveryLog deliveries;
  private final StoreArtifact storeArtifact;
  private final MessageSender sender;
  private final Clock clock;
  private final Map<String, DeliveryVerifier> verifiers;
  private final Map<CallbackScheme, Integer> largestBodies;

  AcceptDelivery(
      AllowedSources sources,
      CallbackKeys keys,
      FailedAttempts failures,
      DeliveryLog deliveries,
      StoreArtifact storeArtifact,
      MessageSender sender,
      Clock clock,
      List<DeliveryVerifier> verifiers) {
    this.sources = sources;
    this.keys = keys;
    this.failures = failures;
    this.deliveries = deliveries;
    this.storeArtifact = storeArtifact;
    this.sender = sender;
    this.clock = clock;
    this.verifiers =
        verifiers.stream()
            .collect(Collectors.toMap(DeliveryVerifier::parserName, Function.identity()));
    this.largestBodies =
        verifiers.stream()
            .collect(Collectors.toMap(DeliveryVerifier::scheme, DeliveryVerifier::largestBody));
  }

  /** In bytes; what no scheme takes is not even decoded. */
  int largestBody() {
    return Collections.max(largestBodies.values());
  }

  /**
   * Returns when the callback is recorded, and the parse stage told if there is something to fetch.
   *
   * @throws CallbackRefused if it must not be believed; nothing was written
   */
  void accept(Delivery delivery) {
    sources.check(delivery.source());
    PlainJson.check(delivery);
    var now = clock.instant();
    var header = keys.verify(delivery.single(CallbackHeader.NAME), now);
    if (delivery.body().length > largestBodies.getOrDefault(header.scheme(), 0)) {
      throw new CallbackRefused("body_too_large");
    }
    failures.guard(delivery.source(), header.jobId(), now, () -> accept(delivery, header, now));
  }

  private void accept(Delivery delivery, CallbackHeader header, Instant now) {
    var job =
        deliveries.findJob(header.jobId()).orElseThrow(() -> new CallbackRefused("job_unknown"));
    LogFields.job(job.job(), job.correlationId());
    var verifier = verifierOf(job, header);
    var secret = keys.signingSecret(job.keyId(), job.job().jobId(), job.salt());
    take(job, verifier.parserName(), verifier.verify(delivery, job, secret, now));
  }

  private DeliveryVerifier verifierOf(CallbackJob job, CallbackHeader header) {
    var verifier = job.parserName() == null ? null : verifiers.get(job.parserName());
    if (verifier == null) {
      throw new CallbackRefused("job_expects_no_callback");
    }
    if (verifier.scheme() != header.scheme()) {
      throw new CallbackRefused("scheme_differs");
    }
    if (!header.keyId().equals(job.keyId())) {
      throw new CallbackRefused("key_differs");
    }
    return verifier;
  }

  private void take(CallbackJob job, String source, VerifiedDelivery delivery) {
    LogFields.put("event", delivery.event());
    store(job, delivery);
    if (!deliveries.record(job.job(), source, delivery)) {
      LogFields.put("outcome", "noted");
      LOG.info("The callback needs no message");
      return;
    }
    sender.send(PipelineStage.PARSE, message(job, delivery));
    deliveries.markSent(job.job(), delivery.nonce());
    LogFields.put("outcome", "accepted");
    LOG.info("The parse stage is told to fetch the result");
  }

  /** Before the commit: a message carries no text, so the text must be there when it is read. */
  private void store(CallbackJob job, VerifiedDelivery delivery) {
    boolean isAwaited = job.status() == JobStatus.PARSE_QUEUED;
    if (isAwaited
        && delivery.artifact().isPresent()
        && !deliveries.isKnown(job.job(), delivery.nonce())) {
      storeArtifact.store(StoragePath.parserResult(job.job()), delivery.artifact().get());
    }
  }

  private static ParseMessage message(CallbackJob job, VerifiedDelivery delivery) {
    return delivery.hasFailed()
        ? ParseMessage.failed(job.job(), job.retryCount(), job.correlationId())
        : ParseMessage.collect(
            job.job(), job.retryCount(), job.correlationId(), delivery.parseJobId());
  }
}
