package dev.sluice.cli.api;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a document stands; counts are null until they are known. */
public record Job(
    String documentId,
    String jobId,
    int generation,
    @Nullable String filename,
    String status,
    @Nullable Progress progress,
    @Nullable String waitReason,
    @Nullable String waitUntil,
    @Nullable Failure error,
    @Nullable Receipt receipt,
    @Nullable String correlationId,
    @Nullable String createdAt,
    @Nullable String updatedAt) {

  public static final String COMPLETE = "complete";
  public static final String CANCELLED = "cancelled";
  private static final Set<String> ENDS =
      Set.of(COMPLETE, CANCELLED, "failed_parse", "failed_chunking", "failed_embedding");

  public boolean hasEnded() {
    return ENDS.contains(status);
  }

  /** Whether it waits for more than its bytes or its turn, which every job does. */
  public boolean isHeldUp() {
    return waitReason != null && !waitReason.equals("turn") && !waitReason.equals("upload");
  }

  public record Progress(
      @Nullable Integer pages,
      @Nullable List<Integer> pagesMissing,
      @Nullable Integer chunksTotal,
      @Nullable Integer chunksDone,
      @Nullable Integer chunksReused,
      @Nullable Integer batchesTotal,
      @Nullable Integer batchesDone,
      @Nullable Integer embedsDone) {}

  public record Failure(@Nullable String code, @Nullable String message, @Nullable String stage) {}

  /**
   * What a document came to.
   *
   * @param costMicrousd millionths of a dollar, with decimals
   * @param chunksReused whose vectors were bought before
   * @param savedMicrousd what these would cost today; as {@code costMicrousd}
   * @param seconds by stage
   */
  public record Receipt(
      @Nullable Integer pages,
      @Nullable Integer chunks,
      @Nullable Integer vectors,
      @Nullable Long tokens,
      @Nullable BigDecimal costMicrousd,
      @Nullable Integer chunksReused,
      @Nullable Long tokensSaved,
      @Nullable BigDecimal savedMicrousd,
      @Nullable Map<String, BigDecimal> seconds) {}
}
