package dev.sluice.localstack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code cloud.json} in the state folder says of the cloud that runs there. Only its owner can
 * read it, since it holds a token.
 *
 * @param pid of the process that runs the cloud
 * @param started when that process started, as the system tells it; with the id it names one
 *     process
 * @param endpoints addresses by name, as in {@link CloudEndpoints#byName()}
 * @param token for the default user of this machine
 */
public record CloudRecord(long pid, String started, Map<String, String> endpoints, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public CloudRecord {
    endpoints = Map.copyOf(endpoints);
  }

  static CloudRecord ofThisProcess(CloudEndpoints endpoints, String token) {
    ProcessHandle self = ProcessHandle.current();
    return new CloudRecord(self.pid(), started(self), endpoints.byName(), token);
  }

  /** The record of a cloud that is running now; a dead one's record counts for nothing. */
  public static Optional<CloudRecord> running(Path state) throws IOException {
    try {
      JsonNode json = JSON.readTree(Files.readString(file(state)));
      CloudRecord record =
          new CloudRecord(
              json.path("pid").asLong(),
              json.path("started").asText(),
              JSON.convertValue(
                  json.path("endpoints"), new TypeReference<Map<String, String>>() {}),
              json.path("token").asText());
      return record.isAlive() ? Optional.of(record) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public URI api() {
    return URI.create(endpoints.getOrDefault("api", ""));
  }

  void write(Path state) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("pid", pid);
    json.put("started", started);
    json.set("endpoints", JSON.valueToTree(endpoints));
    json.put("token", token);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path fresh = Files.createTempFile(state, ".cloud", ".json", ownerOnly);
    JSON.writerWithDefaultPrettyPrinter().writeValue(fresh.toFile(), json);
    Files.move(
        fresh, file(state), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void remove(Path state) throws IOException {
    Files.deleteIfExists(file(state));
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> started(process).equals(started))
        .isPresent();
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Object::toString).orElse("unknown");
  }

  private static Path file(Path state) {
    return state.resolve("cloud.json");
  }
}
