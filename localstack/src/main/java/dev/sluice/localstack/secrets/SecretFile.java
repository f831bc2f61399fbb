package dev.sluice.localstack.secrets;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The secrets by name. What was generated is in a file that only its owner can read; what was
 * given, such as a provider's key, is given anew at each start and never touches the disk.
 */
final class SecretFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String ARN_PREFIX = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:";
  private static final String LETTERS_AND_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final int ARN_SUFFIX_LENGTH = 6;

  private final Path file;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, StoredSecret> generated;
  private final Map<String, StoredSecret> given = new TreeMap<>();

  private SecretFile(Path file, InstantSource clock, Map<String, StoredSecret> generated) {
    this.file = file;
    this.clock = clock;
    this.generated = generated;
  }

  static SecretFile open(Path file, InstantSource clock) throws IOException {
    Map<String, StoredSecret> secrets = new TreeMap<>();
    if (Files.exists(file)) {
      secrets.putAll(
          JSON.readValue(file.toFile(), new TypeReference<Map<String, StoredSecret>>() {}));
    }
    return new SecretFile(file, clock, secrets);
  }

  /**
   * Makes what is missing and takes over literals that have changed; what was generated once stays.
   */
  synchronized void define(Collection<? extends SecretDefinition> definitions) throws IOException {
    boolean changed = false;
    for (SecretDefinition definition : definitions) {
      changed |=
          switch (definition) {
            case SecretDefinition.Literal literal -> give(literal);
            case SecretDefinition.Generated made -> generate(made);
          };
    }
    if (changed) {
      write();
    }
  }

  /**
   * Returns whether the file has to forget it: it was generated once, or written by an older us.
   */
  private boolean give(SecretDefinition.Literal literal) {
    StoredSecret known = given.get(literal.name());
    if (known == null || !known.secretString().equals(literal.secretString())) {
      given.put(literal.name(), version(arn(literal.name(), known), literal.secretString()));
    }
    return generated.remove(literal.name()) != null;
  }

  private boolean generate(SecretDefinition.Generated made) throws IOException {
    if (generated.containsKey(made.name())) {
      return false;
    }
    generated.put(made.name(), version(arn(made.name(), null), value(made)));
    return true;
  }

  private String value(SecretDefinition.Generated made) throws IOException {
    if (!(JSON.readTree(made.template()) instanceof ObjectNode object)) {
      throw new IOException("SecretStringTemplate of " + made.name() + " is not a JSON object");
    }
    String alphabet =
        made.excludePunctuation() ? LETTERS_AND_DIGITS : LETTERS_AND_DIGITS + PUNCTUATION;
    return object.put(made.key(), characters(alphabet, made.passwordLength())).toString();
  }

  private StoredSecret version(String arn, String value) {
    return new StoredSecret(arn, UUID.randomUUID().toString(), clock.instant().toString(), value);
  }

  /** Six random characters after the name: a deleted and newly made secret is another one. */
  private String arn(String name, @Nullable StoredSecret known) {
    return known != null
        ? known.arn()
        : ARN_PREFIX + name + "-" + characters(LETTERS_AND_DIGITS, ARN_SUFFIX_LENGTH);
  }

  private String characters(String alphabet, int length) {
    StringBuilder characters = new StringBuilder(length);
    random.ints(length, 0, alphabet.length()).forEach(i -> characters.append(alphabet.charAt(i)));
    return characters.toString();
  }

  private void write() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    // Files.createTempFile gives its file mode 0600 already.
    Path unfinished = Files.createTempFile(directory, ".secrets", ".new");
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
    JSON.writeValue(unfinished.toFile(), generated);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * By name, whole ARN, or ARN without the six characters at its end, as Secrets Manager takes
   * them.
   */
  synchronized Optional<Map.Entry<String, StoredSecret>> find(String id) {
    return all().entrySet().stream()
        .filter(
            entry ->
                id.equals(entry.getKey())
                    || id.equals(entry.getValue().arn())
                    || id.equals(ARN_PREFIX + entry.getKey()))
        .findFirst();
  }

  synchronized Map<String, StoredSecret> all() {
    Map<String, StoredSecret> all = new TreeMap<>(generated);
    all.putAll(given);
    return all;
  }
}
