package dev.sluice.localstack.secrets;

/** What the template says of a secret. */
public sealed interface SecretDefinition {
  String name();

  /** Given by whoever deploys; a later deployment may give another. */
  record Literal(String name, String secretString) implements SecretDefinition {
    @Override
    public String toString() {
      return "Literal[name=" + name + "]";
    }
  }

  /**
   * Made once, and then kept.
   *
   * @param template a JSON object
   * @param key the member of the object that gets the random password
   * @param passwordLength in characters
   * @param excludePunctuation letters and digits only
   */
  record Generated(
      String name, String template, String key, int passwordLength, boolean excludePunctuation)
      implements SecretDefinition {}
}
