package dev.sluice.localstack;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a running local cloud can be reached.
 *
 * @param admin where the simulated providers are told how to behave
 * @param jdbc URL of the database, without user and password
 */
public record CloudEndpoints(
    URI api,
    URI sqs,
    URI s3,
    URI secrets,
    URI llamaParse,
    URI openAi,
    URI lambda,
    URI admin,
    String jdbc) {

  /** By the names that {@code cloud.json} uses. */
  public Map<String, String> byName() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("api", api.toString());
    names.put("sqs", sqs.toString());
    names.put("s3", s3.toString());
    names.put("secrets", secrets.toString());
    names.put("llama_parse", llamaParse.toString());
    names.put("open_ai", openAi.toString());
    names.put("lambda", lambda.toString());
    names.put("admin", admin.toString());
    names.put("jdbc", jdbc);
    return names;
  }
}
