package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudRecordTest {
  private static final CloudEndpoints ENDPOINTS =
      new CloudEndpoints(
          URI.create("http://127.0.0.1:1"),
          URI.create("http://127.0.0.1:2"),
          URI.create("http://127.0.0.1:3"),
          URI.create("http://127.0.0.1:4"),
          URI.create("http://127.0.0.1:5"),
          URI.create("http://127.0.0.1:6"),
          URI.create("http://127.0.0.1:7"),
          URI.create("http://127.0.0.1:9"),
          "jdbc:postgresql://127.0.0.1:8/sluice");

  @TempDir Path state;

  @Test
  void tellsOthersWhereTheCloudIsAndOnlyItsOwnerMayRead() throws Exception {
    CloudRecord.ofThisProcess(ENDPOINTS, "secret").write(state);

    CloudRecord record = CloudRecord.running(state).orElseThrow();
    assertThat(record.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(record.api()).isEqualTo(URI.create("http://127.0.0.1:1"));
    assertThat(record.endpoints()).isEqualTo(ENDPOINTS.byName());
    assertThat(record.token()).isEqualTo("secret");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("cloud.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void doesNotCountARecordWhoseProcessHasGone() throws Exception {
    assertThat(CloudRecord.running(state)).isEmpty();

    CloudRecord own = CloudRecord.ofThisProcess(ENDPOINTS, "secret");
    new CloudRecord(own.pid(), "2001-01-01T00:00:00Z", own.endpoints(), "secret").write(state);
    assertThat(CloudRecord.running(state)).isEmpty();

    CloudRecord.remove(state);
    assertThat(state.resolve("cloud.json")).doesNotExist();
  }

  @Test
  void keepsASecondCloudOffTheSameStateAndSaysWhereTheFirstIs() throws Exception {
    try (StateLock first = StateLock.acquire(state)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> StateLock.acquire(state))
          .isInstanceOf(LocalCloudException.class)
          .hasMessageStartingWith("Another local cloud is just starting or stopping in ");

      CloudRecord.ofThisProcess(ENDPOINTS, "secret").write(state);
      assertThatThrownBy(() -> StateLock.acquire(state))
          .hasMessage(
              "The local cloud is already running at http://127.0.0.1:1 (process %d)."
                  .formatted(ProcessHandle.current().pid()));
    }
    StateLock.acquire(state).close();
  }
}
