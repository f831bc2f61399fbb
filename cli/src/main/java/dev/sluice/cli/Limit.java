package dev.sluice.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: 90s, 15m, 2h. */
final class Limit implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    try {
      Duration duration = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
      if (duration.isPositive()) {
        return duration;
      }
    } catch (java.time.format.DateTimeParseException notADuration) {
      // Said below, with examples.
    }
    throw new TypeConversionException("'" + value + "' is no duration; write 90s, 15m or 2h");
  }
}
