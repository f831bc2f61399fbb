package dev.sluice.cli.logs;

import dev.sluice.cli.terminal.Screen;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a log line reads: when, who, what, and the ids short enough to follow by eye. */
final class LogStyle {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final List<String> SHOWN =
      List.of(
          "outcome",
          "code",
          "duration_ms",
          "generation",
          "document_id",
          "job_id",
          "correlation_id");
  private static final int ID_LENGTH = 8;

  private final Screen screen;
  private final ZoneId zone;

  LogStyle(Screen screen, ZoneId zone) {
    this.screen = screen;
    this.zone = zone;
  }

  String render(LogLine line) {
    String ids =
        SHOWN.stream()
            .filter(line.fields()::containsKey)
            .map(name -> label(name) + "=" + value(name, line.fields()))
            .collect(Collectors.joining(" "));
    return screen.dim(time(line.at()))
        + " "
        + "%-9s".formatted(line.function())
        + level(line.level())
        + line.message()
        + (line.trouble() == null ? "" : " " + screen.red(line.trouble()))
        + (ids.isEmpty() ? "" : "  " + screen.dim(ids));
  }

  private String time(@Nullable Instant at) {
    return at == null ? " ".repeat(12) : TIME.format(at.atZone(zone));
  }

  private String level(String level) {
    String padded = "%-6s".formatted(level);
    return switch (level) {
      case "WARN", "ERROR" -> screen.red(padded);
      default -> padded;
    };
  }

  private static String label(String name) {
    return switch (name) {
      case "duration_ms" -> "ms";
      case "document_id" -> "document";
      case "job_id" -> "job";
      case "correlation_id" -> "correlation";
      default -> name;
    };
  }

  private static String value(String name, Map<String, String> fields) {
    String value = fields.getOrDefault(name, "");
    return name.endsWith("_id") && value.length() > ID_LENGTH
        ? value.substring(0, ID_LENGTH)
        : value;
  }
}
