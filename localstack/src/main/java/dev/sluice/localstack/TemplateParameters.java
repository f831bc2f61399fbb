package dev.sluice.localstack;

import java.util.HashMap;
import java.util.Map;

/** Values for the template's parameters from the environment, as a deployment takes them. */
final class TemplateParameters {
  /** Name and value with an equals sign between, separated by spaces. */
  private static final String VARIABLE = "SLUICE_PARAMETERS";

  private TemplateParameters() {}

  /**
   * Those that the environment gives. What the local cloud decides itself, such as the providers'
   * addresses, stands above them: no parameter leads past the cap on real spending.
   *
   * @throws LocalCloudException if it is written otherwise
   */
  static Map<String, String> given(Map<String, String> environment) {
    Map<String, String> parameters = new HashMap<>();
    for (String part : environment.getOrDefault(VARIABLE, "").strip().split("\\s+", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(part.substring(0, equals), part.substring(equals + 1));
      } else if (!part.isEmpty()) {
        throw new LocalCloudException(
            "%s is written Name=value Name=value, not '%s'.".formatted(VARIABLE, part));
      }
    }
    return parameters;
  }
}
