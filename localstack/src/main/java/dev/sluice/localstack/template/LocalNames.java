package dev.sluice.localstack.template;

import java.net.URI;
import java.util.Map;

/**
 * What a reference resolves to on this machine.
 *
 * @param sqs base address of the SQS server; a queue's URL is {@code <sqs>/<account>/<queue>}
 * @param api base address of the gateway, which stands for {@code https://….execute-api.…}
 * @param parameters values for the template's parameters, over their defaults
 */
public record LocalNames(
    String stackName,
    String accountId,
    String region,
    URI sqs,
    URI api,
    Map<String, String> parameters) {

  public LocalNames {
    parameters = Map.copyOf(parameters);
  }

  /** Stack {@code sluice}, account {@code 000000000000}, region {@code eu-west-1}. */
  public static LocalNames of(URI sqs, URI api, Map<String, String> parameters) {
    return new LocalNames("sluice", "000000000000", "eu-west-1", sqs, api, parameters);
  }

  String queueUrl(String name) {
    return "%s/%s/%s".formatted(withoutSlash(sqs), accountId, name);
  }

  String queueArn(String name) {
    return "arn:aws:sqs:%s:%s:%s".formatted(region, accountId, name);
  }

  /**
   * Without the six random characters that AWS appends: Secrets Manager takes an ARN either way,
   * and which they are is known only when the secret is made.
   */
  String secretArn(String name) {
    return "arn:aws:secretsmanager:%s:%s:secret:%s".formatted(region, accountId, name);
  }

  /** The gateway's address in the place of the API's public one. */
  String localized(String text, String apiId) {
    String publicUrl = "https://%s.execute-api.%s.amazonaws.com".formatted(apiId, region);
    return text.replace(publicUrl, withoutSlash(api));
  }

  private static String withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
