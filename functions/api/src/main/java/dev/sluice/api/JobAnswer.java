package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.embedding.EmbeddingPrice;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A job, as its user sees it. What is not known yet is null. */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
record JobAnswer(
    UUID documentId,
    UUID jobId,
    int generation,
    String filename,
    String status,
    Progress progress,
    @Nullable String waitReason,
    @Nullable Instant waitUntil,
    @Nullable Failure error,
    Receipt receipt,
    String correlationId,
    Instant createdAt,
    Instant updatedAt) {
  /**
   * How far it is.
   *
   * @param pagesMissing the numbers of pages that the parser could not read
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Progress(
      @Nullable Integer pages,
      List<Integer> pagesMissing,
      @Nullable Integer chunksTotal,
      int chunksDone,
      @Nullable Integer chunksReused,
      int batchesTotal,
      int batchesDone,
      int embedsDone) {}

  /** Why it failed. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Failure(@Nullable String code, @Nullable String message, @Nullable String stage) {}

  /**
   * What it came to so far.
   *
   * @param unembeddable chunks without a vector, since the provider refused their text: search
   *     finds them by words only
   * @param costMicrousd millionths of a dollar, with three decimals
   * @param chunksReused whose vectors were bought before, for whichever document
   * @param tokensSaved that these would have been bought for
   * @param savedMicrousd what these would cost today; as {@code costMicrousd}
   * @param seconds by stage, of those that are over; with the time in its queue
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Receipt(
      @Nullable Integer pages,
      int chunks,
      int vectors,
      int unembeddable,
      long tokens,
      BigDecimal costMicrousd,
      int chunksReused,
      long tokensSaved,
      BigDecimal savedMicrousd,
      Map<String, BigDecimal> seconds) {}

  /** Several, newest first. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Jobs(List<JobAnswer> jobs) {}

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  static JobAnswer of(JobView job, EmbeddingPrice price) {
    return new JobAnswer(
        job.documentId(),
        job.jobId(),
        job.generation(),
        job.filename(),
        job.status(),
        progress(job),
        job.waitReason(),
        job.waitUntil(),
        job.errorCode() == null
            ? null
            : new Failure(job.errorCode(), job.errorMessage(), job.errorStage()),
        receipt(job, price),
        job.correlationId(),
        job.createdAt(),
        job.updatedAt());
  }

  private static Progress progress(JobView job) {
    return new Progress(
        job.pages(),
        numbers(job.pagesMissing()),
        job.chunksTotal(),
        job.chunksDone(),
        job.chunksReused(),
        job.batchesTotal(),
        job.batchesDone(),
        job.embedsDone());
  }

  private static List<Integer> numbers(@Nullable String array) {
    return array == null
        ? List.of()
        : NUMBER.matcher(array).results().map(found -> Integer.valueOf(found.group())).toList();
  }

  private static Receipt receipt(JobView job, EmbeddingPrice price) {
    return new Receipt(
        job.pages(),
        job.chunksDone(),
        job.embedsDone(),
        job.unembeddable(),
        job.tokens(),
        BigDecimal.valueOf(job.costNanousd(), 3),
        job.chunksReused() == null ? 0 : job.chunksReused(),
        job.tokensReused(),
        BigDecimal.valueOf(price.nanoUsd(job.tokensReused()), 3),
        seconds(job));
  }

  private static Map<String, BigDecimal> seconds(JobView job) {
    var seconds = new LinkedHashMap<String, BigDecimal>();
    put(seconds, "parse", job.receivedAt(), job.parsedAt());
    put(seconds, "validate", job.parsedAt(), job.validatedAt());
    put(seconds, "chunk", job.validatedAt(), job.chunkedAt());
    put(seconds, "embed", job.chunkedAt(), job.embeddedAt());
    put(seconds, "finalize", job.embeddedAt(), job.completedAt());
    return seconds;
  }

  /** A stage that a retry repeats is over only when its own end follows its beginning. */
  private static void put(
      Map<String, BigDecimal> seconds,
      String stage,
      @Nullable Instant from,
      @Nullable Instant until) {
    if (from != null && until != null && !until.isBefore(from)) {
      seconds.put(
          stage,
          BigDecimal.valueOf(Duration.between(from, until).toNanos(), 9)
              .setScale(3, RoundingMode.HALF_UP));
    }
  }
}
