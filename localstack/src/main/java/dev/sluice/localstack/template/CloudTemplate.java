package dev.sluice.localstack.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the local cloud runs, with all references resolved.
 *
 * @param outputs the template's outputs by name
 */
public record CloudTemplate(
    List<FunctionDefinition> functions,
    List<QueueDefinition> queues,
    List<BucketDefinition> buckets,
    List<SecretDefinition> secrets,
    Optional<ApiDefinition> api,
    Map<String, String> outputs) {

  public CloudTemplate {
    functions = List.copyOf(functions);
    queues = List.copyOf(queues);
    buckets = List.copyOf(buckets);
    secrets = List.copyOf(secrets);
    outputs = Map.copyOf(outputs);
  }

  public FunctionDefinition function(String name) {
    return functions.stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new TemplateException("Resources", "no function is called " + name));
  }

  /** The queue with this ARN; queues of another account or region are not run here. */
  public QueueDefinition queueByArn(String arn) {
    return queues.stream()
        .filter(queue -> queue.arn().equals(arn))
        .findFirst()
        .orElseThrow(() -> new TemplateException("Resources", "no queue has the ARN " + arn));
  }
}
