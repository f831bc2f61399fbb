package dev.sluice.localstack.template;

import java.util.Optional;

/**
 * One secret: either a value that the template states, or one to be made up once and kept.
 *
 * @param arn as {@code Ref} gives it, without AWS's random suffix
 */
public record SecretDefinition(
    String logicalId,
    String name,
    String arn,
    Optional<String> value,
    Optional<Generation> generation) {

  /**
   * How to make the value.
   *
   * @param template a JSON object that receives the generated string
   * @param key under which the object receives it; empty stores the bare string
   * @param length in characters; AWS's default is 32
   * @param excludePunctuation whether only letters and digits may appear
   */
  public record Generation(String template, String key, int length, boolean excludePunctuation) {}
}
