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

/** The secrets by name, in a file that only its owner can read. */
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
  private final Map<String, StoredSecret> secrets;

  private SecretFile(Path file, InstantSource clock, Map<String, StoredSecret> secrets) {
    this.file = file;
    this.clock = clock;
    this.secrets = secrets;
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
      StoredSecret known = secrets.get(definition.name());
      boolean outdated =
          definition instanceof SecretDefinition.Literal literal
              && known != null
              && !known.secretString().equals(literal.secretString());
      if (known == null || outdated) {
        secrets.put(definition.name(), version(arn(definition.name(), known), value(definition)));
        changed = true;
      }
    }
    if (changed) {
      write();
    }
  }

  private String value(SecretDefinition definition) throws IOException {
    return switch (definition) {
      case SecretDefinition.Literal literal -> literal.secretString();
      case SecretDefinition.Generated generated -> {
        if (!(JSON.readTree(generated.template()) instanceof ObjectNode object)) {
          throw new IOException(
              "SecretStringTemplate of " + generated.name() + " is not a JSON object");
        }
        String alphabet =
            generated.excludePunctuation() ? LETTERS_AND_DIGITS : LETTERS_AND_DIGITS + PUNCTUATION;
        yield object
            .put(generated.key(), characters(alphabet, generated.passwordLength()))
            .toString();
      }
    };
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
    JSON.writeValue(unfinished.toFile(), secrets);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * By name, whole ARN, or ARN without the six characters at its end, as Secrets Manager takes
   * them.
   */
  synchronized Optional<Map.Entry<String, StoredSecret>> find(String id) {
    return secrets.entrySet().stream()
        .filter(
            entry ->
                id.equals(entry.getKey())
                    || id.equals(entry.getValue().arn())
                    || id.equals(ARN_PREFIX + entry.getKey()))
        .findFirst();
  }

  synchronized Map<String, StoredSecret> all() {
    return new TreeMap<>(secrets);
  }
}
