package dev.sluice.simulator.llamaparse;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The bytes to parse: uploaded, or fetched from the address that the submitter gave. */
final class SourceStore {
  /** The provider's limit of a file. */
  private static final long MOST_BYTES = 512L << 20;

  private static final Duration FETCH_TIMEOUT = Duration.ofMinutes(5);

  private final Path directory;
  private final HttpClient http;

  SourceStore(Path stateDirectory, HttpClient http) throws IOException {
    this.directory = Files.createDirectories(stateDirectory.resolve("sources"));
    this.http = http;
  }

  /** The source could not be had; the message says why. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  /** Stores a file and gives it an id. */
  String put(InputStream content) throws IOException {
    String id = "dfl-" + UUID.randomUUID();
    Path temporary = directory.resolve(id + ".tmp");
    try {
      Files.copy(content, temporary);
      if (Files.size(temporary) > MOST_BYTES) {
        throw new IOException("the file has more than " + MOST_BYTES + " bytes");
      }
      Files.move(temporary, path(id), StandardCopyOption.ATOMIC_MOVE);
      return id;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  void rename(String id, String filename) throws IOException {
    Files.writeString(directory.resolve(id + ".name"), filename);
  }

  Path path(String id) {
    return directory.resolve(id);
  }

  /** The name that an uploaded file came with; empty if there is no such file. */
  Optional<String> name(String id) throws IOException {
    boolean known = id.matches("dfl-[0-9a-f-]{36}") && Files.exists(path(id));
    Path name = directory.resolve(id + ".name");
    return known && Files.exists(name)
        ? Optional.of(Files.readString(name, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Deletes what was stored before a time and half-written files. */
  void deleteOlderThan(Instant time) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(time);
        if (old || file.toString().endsWith(".tmp")) {
          Files.delete(file);
        }
      }
    }
  }

  /** Fetches an address and stores what it gives. */
  String fetch(String url) throws Unavailable, IOException, InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(FETCH_TIMEOUT).GET().build();
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new Unavailable(
              "The source could not be fetched: its server answered "
                  + response.statusCode()
                  + ". The address may have expired.");
        }
        return put(body);
      }
    } catch (IllegalArgumentException | IOException e) {
      throw new Unavailable("The source could not be fetched: its server cannot be reached.");
    }
  }

  void delete(String id) throws IOException {
    Files.deleteIfExists(path(id));
    Files.deleteIfExists(directory.resolve(id + ".name"));
  }
}
