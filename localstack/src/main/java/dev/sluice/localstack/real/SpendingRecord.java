package dev.sluice.localstack.real;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.localstack.LocalCloudException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code spending.json} in the state folder says: it outlives every restart of the cloud, and
 * only {@code ./sluice reset} begins a new one.
 *
 * @param spent so far, as counted before each call and corrected by its answer
 * @param cap of the cloud that wrote it last
 * @param refused calls that would have passed the cap
 * @param unbilled what was counted for each parse whose credits are not known yet, in billionths of
 *     a dollar, by LlamaParse's id of the job
 */
public record SpendingRecord(Spending spent, Cap cap, long refused, Map<String, Long> unbilled) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  public SpendingRecord {
    unbilled = Map.copyOf(unbilled);
  }

  /**
   * The record of a state folder; nothing where no provider was ever real.
   *
   * @throws LocalCloudException if the file is not readable: what was spent is then not known, and
   *     nothing more may be
   */
  public static Optional<SpendingRecord> of(Path state) throws IOException {
    Path file = file(state);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), SpendingRecord.class));
    } catch (JsonProcessingException e) {
      throw new LocalCloudException(
          "What was spent on the real providers cannot be read from %s; ./sluice reset begins anew."
              .formatted(file),
          e);
    }
  }

  static SpendingRecord none(Cap cap) {
    return new SpendingRecord(Spending.NOTHING, cap, 0, Map.of());
  }

  SpendingRecord under(Cap newCap) {
    return new SpendingRecord(spent, newCap, refused, unbilled);
  }

  SpendingRecord plus(Spending more) {
    return new SpendingRecord(spent.plus(more), cap, refused, unbilled);
  }

  SpendingRecord minus(Spending less) {
    return new SpendingRecord(spent.minus(less), cap, refused, unbilled);
  }

  SpendingRecord refusing() {
    return new SpendingRecord(spent, cap, refused + 1, unbilled);
  }

  SpendingRecord awaiting(String parse, long nanoUsd) {
    Map<String, Long> more = new TreeMap<>(unbilled);
    more.put(parse, nanoUsd);
    return new SpendingRecord(spent, cap, refused, more);
  }

  SpendingRecord billed(String parse, long nanoUsd) {
    Map<String, Long> less = new TreeMap<>(unbilled);
    long counted = less.remove(parse);
    Spending correction = Spending.ofNanoUsd(nanoUsd - counted);
    return new SpendingRecord(spent.plus(correction), cap, refused, less);
  }

  /** Returns when it is on the disk. */
  void write(Path state) throws IOException {
    Path fresh = Files.createTempFile(state, ".spending", ".json");
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        fresh, file(state), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path file(Path state) {
    return state.resolve("spending.json");
  }
}
