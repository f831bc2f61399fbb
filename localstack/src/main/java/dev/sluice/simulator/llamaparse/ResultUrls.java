package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Addresses of results that work for a while without a key. */
final class ResultUrls {
  private static final int KEY_BYTES = 32;

  private final byte[] key;
  private final Duration lifetime;
  private final Clock clock;

  ResultUrls(Path stateDirectory, Duration lifetime, Clock clock) throws IOException {
    this.key = key(stateDirectory.resolve("result-urls.key"));
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** Kept, so that addresses given out before a restart still work after it. */
  private static byte[] key(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      Files.write(file, fresh);
    }
    return Files.readAllBytes(file);
  }

  URI sign(URI base, String path) {
    long expires = clock.instant().plus(lifetime).getEpochSecond();
    return base.resolve(path + "?expires=" + expires + "&signature=" + signature(path, expires));
  }

  boolean isValid(Request request) {
    String expires = request.parameter("expires").orElse("");
    if (!expires.matches("\\d{1,12}")) {
      return false;
    }
    Instant end = Instant.ofEpochSecond(Long.parseLong(expires));
    String expected = signature(request.path(), end.getEpochSecond());
    boolean genuine =
        MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.US_ASCII),
            request.parameter("signature").orElse("").getBytes(StandardCharsets.US_ASCII));
    return genuine && !clock.instant().isAfter(end);
  }

  private String signature(String path, long expires) {
    return Digest.hmac(key, (path + "\n" + expires).getBytes(StandardCharsets.UTF_8));
  }
}
