package dev.sluice.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The template with another number of concurrent executions for each function of a queue. */
final class LevelTemplate {
  private static final Pattern RESOURCE = Pattern.compile(" {2}\\w+:");
  private static final Pattern SCALING = Pattern.compile(" +ScalingConfig:");
  private static final Pattern CONCURRENCY = Pattern.compile("( +MaximumConcurrency: )\\d+");
  private static final Pattern CODE = Pattern.compile("( +CodeUri: )(\\S+)");
  private static final String PROPERTIES = "    Properties:";

  private LevelTemplate() {}

  /**
   * The code is then found from anywhere. An SQS trigger cannot be limited to 1, so the function
   * is.
   *
   * @param root folder of the template
   */
  static String at(int level, String template, Path root) {
    List<String> lines = new ArrayList<>();
    List<String> resource = new ArrayList<>();
    for (String line : template.lines().toList()) {
      if (RESOURCE.matcher(line).matches()) {
        lines.addAll(limited(resource, level));
        resource.clear();
      }
      resource.add(absolute(line, root));
    }
    lines.addAll(limited(resource, level));
    return String.join("\n", lines) + "\n";
  }

  private static String absolute(String line, Path root) {
    var code = CODE.matcher(line);
    return code.matches() ? code.group(1) + root.resolve(code.group(2)) : line;
  }

  private static List<String> limited(List<String> resource, int level) {
    List<String> result = new ArrayList<>();
    boolean scaled = resource.stream().anyMatch(line -> CONCURRENCY.matcher(line).matches());
    for (String line : resource) {
      var concurrency = CONCURRENCY.matcher(line);
      if (concurrency.matches()) {
        if (level > 1) {
          result.add(concurrency.group(1) + level);
        }
      } else if (level > 1 || !SCALING.matcher(line).matches()) {
        result.add(line);
      }
      if (scaled && level == 1 && line.equals(PROPERTIES)) {
        result.add("      ReservedConcurrentExecutions: 1");
      }
    }
    return result;
  }
}
