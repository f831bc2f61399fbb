package dev.sluice.localstack.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One Lambda function.
 *
 * @param logicalId the resource's key in the template
 * @param name the template's FunctionName, else the logical id without "Function", in lower case:
 *     {@code ApiFunction} is {@code api}
 * @param code the built zip
 * @param memoryMegabytes Lambda's MemorySize, 128 to 10,240
 * @param timeout of one invocation, at most 15 minutes
 * @param jsonLogs whether the runtime formats its own log lines as JSON
 * @param reservedConcurrency the most environments at once, when the template limits them
 */
public record FunctionDefinition(
    String logicalId,
    String name,
    String description,
    Path code,
    String handler,
    int memoryMegabytes,
    Duration timeout,
    Map<String, String> environment,
    boolean jsonLogs,
    OptionalInt reservedConcurrency,
    List<QueueTrigger> queueTriggers,
    List<RouteTrigger> routeTriggers,
    List<ScheduleTrigger> scheduleTriggers) {

  public FunctionDefinition {
    environment = Map.copyOf(environment);
    queueTriggers = List.copyOf(queueTriggers);
    routeTriggers = List.copyOf(routeTriggers);
    scheduleTriggers = List.copyOf(scheduleTriggers);
  }
}
