package dev.sluice.localstack.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The requests that this server knows, in the AWS JSON 1.1 protocol. */
final class SecretsProtocol {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CURRENT = "AWSCURRENT";

  private final SecretFile secrets;

  SecretsProtocol(SecretFile secrets) {
    this.secrets = secrets;
  }

  /** A refusal, with the code by which the SDK chooses the exception. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;

    Refused(String code, String message) {
      super(message);
      this.code = code;
    }

    JsonNode body() {
      return JSON.createObjectNode().put("__type", code).put("Message", getMessage());
    }
  }

  JsonNode answer(String operation, JsonNode request) throws Refused {
    return switch (operation) {
      case "GetSecretValue" -> value(request);
      case "DescribeSecret" -> description(required(request));
      case "ListSecrets" -> list();
      default ->
          throw new Refused(
              "UnknownOperationException",
              "The local Secrets Manager does not know " + operation + ".");
    };
  }

  private JsonNode value(JsonNode request) throws Refused {
    Map.Entry<String, StoredSecret> secret = required(request);
    String stage = request.path("VersionStage").asText(CURRENT);
    String version = request.path("VersionId").asText(secret.getValue().versionId());
    if (!stage.equals(CURRENT)) {
      throw new Refused(
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret value for staging label: " + stage);
    }
    if (!version.equals(secret.getValue().versionId())) {
      throw new Refused(
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret value for VersionId: " + version);
    }
    ObjectNode answer = named(secret);
    answer.put("VersionId", version);
    answer.put("SecretString", secret.getValue().secretString());
    answer.putArray("VersionStages").add(CURRENT);
    answer.put("CreatedDate", secret.getValue().createdSeconds());
    return answer;
  }

  private JsonNode list() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("SecretList");
    secrets
        .all()
        .entrySet()
        .forEach(
            secret -> {
              ObjectNode entry = named(secret);
              entry.put("CreatedDate", secret.getValue().createdSeconds());
              entry
                  .putObject("SecretVersionsToStages")
                  .putArray(secret.getValue().versionId())
                  .add(CURRENT);
              list.add(entry);
            });
    return answer;
  }

  private static JsonNode description(Map.Entry<String, StoredSecret> secret) {
    ObjectNode answer = named(secret);
    answer.put("CreatedDate", secret.getValue().createdSeconds());
    answer.putObject("VersionIdsToStages").putArray(secret.getValue().versionId()).add(CURRENT);
    return answer;
  }

  private static ObjectNode named(Map.Entry<String, StoredSecret> secret) {
    return JSON.createObjectNode().put("ARN", secret.getValue().arn()).put("Name", secret.getKey());
  }

  private Map.Entry<String, StoredSecret> required(JsonNode request) throws Refused {
    String id = request.path("SecretId").asText("");
    if (id.isEmpty()) {
      throw new Refused("InvalidParameterException", "SecretId is missing.");
    }
    return secrets
        .find(id)
        .orElseThrow(
            () ->
                new Refused(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret."));
  }
}
