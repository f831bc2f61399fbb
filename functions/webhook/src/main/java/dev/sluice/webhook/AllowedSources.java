package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** From where callbacks may come: anywhere, unless ranges are configured. */
@Singleton
final class AllowedSources {
  private final List<SourceRange> ranges;

  /**
   * Reads the ranges.
   *
   * @param cidrs separated by commas; empty allows all
   * @throws IllegalArgumentException if one is none: the function does not start then, rather than
   *     let in whom it should not
   */
  AllowedSources(@Property(name = "sluice.webhook-sources") String cidrs) {
    this.ranges =
        Arrays.stream(cidrs.split(","))
            .map(String::strip)
            .filter(cidr -> !cidr.isEmpty())
            .map(SourceRange::of)
            .toList();
  }

  /**
   * Lets an address pass.
   *
   * @throws CallbackRefused if it lies in none of the ranges
   */
  void check(String source) {
    if (!ranges.isEmpty() && !isAllowed(source)) {
      throw new CallbackRefused("source_not_allowed");
    }
  }

  private boolean isAllowed(String source) {
    try {
      var address = InetAddress.ofLiteral(source);
      return ranges.stream().anyMatch(range -> range.contains(address));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
