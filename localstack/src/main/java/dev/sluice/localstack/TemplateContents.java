package dev.sluice.localstack;

import dev.sluice.localstack.queue.QueueDefinition;
import dev.sluice.localstack.secrets.SecretDefinition;
import dev.sluice.localstack.template.CloudTemplate;
import java.util.List;

/** What the template says of queues and secrets, in the words of the servers that keep them. */
final class TemplateContents {
  private TemplateContents() {}

  static List<QueueDefinition> queues(CloudTemplate template) {
    return template.queues().stream().map(queue -> queue(template, queue)).toList();
  }

  private static QueueDefinition queue(
      CloudTemplate template, dev.sluice.localstack.template.QueueDefinition queue) {
    QueueDefinition.Redrive redrive =
        queue
            .redrive()
            .map(
                policy ->
                    new QueueDefinition.Redrive(
                        template.queueByArn(policy.deadLetterArn()).name(),
                        policy.maxReceiveCount()))
            .orElse(null);
    return new QueueDefinition(queue.name(), queue.visibility(), queue.retention(), redrive);
  }

  static List<SecretDefinition> secrets(CloudTemplate template) {
    return template.secrets().stream().map(TemplateContents::secret).toList();
  }

  private static SecretDefinition secret(dev.sluice.localstack.template.SecretDefinition secret) {
    return secret
        .generation()
        .<SecretDefinition>map(
            made ->
                new SecretDefinition.Generated(
                    secret.name(),
                    made.template(),
                    made.key(),
                    made.length(),
                    made.excludePunctuation()))
        .orElseGet(() -> new SecretDefinition.Literal(secret.name(), secret.value().orElseThrow()));
  }
}
