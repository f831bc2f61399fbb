package dev.sluice.localstack.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
  @TempDir Path machine;

  @Test
  void keepsTheCacheWhereTheUserCanWrite() throws Exception {
    Path home = Files.createDirectory(machine.resolve("home"));
    Path cache = machine.resolve("cache");
    assertThat(
            CacheDirectory.find(
                Map.of("HOME", home.toString(), "XDG_CACHE_HOME", cache.toString()), machine))
        .isEqualTo(cache.resolve("sluice"));
    assertThat(
            CacheDirectory.find(
                Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "relative"), machine))
        .isEqualTo(home.resolve(".cache/sluice"));
  }

  @Test
  void keepsTheCacheOfAUserWithoutAHomeInAPrivateDirectory() throws Exception {
    // A file can never be made a directory, not even by root.
    Path file = Files.createFile(machine.resolve("file"));
    Path found = CacheDirectory.find(Map.of("HOME", file.toString()), machine);
    assertThat(found).isEqualTo(ownDirectory());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found)))
        .isEqualTo("rwx------");
    assertThat(CacheDirectory.find(Map.of("HOME", file.toString()), machine)).isEqualTo(found);
  }

  @Test
  void doesNotFollowALinkThatSomebodyPutInTheWay() throws Exception {
    Path elsewhere = Files.createDirectory(machine.resolve("elsewhere"));
    Files.createSymbolicLink(ownDirectory(), elsewhere);
    assertThatThrownBy(() -> CacheDirectory.find(Map.of(), machine))
        .isInstanceOf(CacheUnavailable.class)
        .hasMessageContaining("belongs to somebody else");
  }

  @Test
  void leavesOutAHomeWhosePathIsNotPlain() throws Exception {
    Path spaced = Files.createDirectory(machine.resolve("Jane Doe"));
    Path link = Files.createSymbolicLink(machine.resolve("jane"), spaced);

    assertThat(CacheDirectory.find(Map.of("HOME", spaced.toString()), machine))
        .isEqualTo(ownDirectory());
    assertThat(spaced).isEmptyDirectory();
    assertThat(CacheDirectory.find(Map.of("HOME", link.toString()), machine))
        .isEqualTo(ownDirectory());
  }

  private Path ownDirectory() throws IOException {
    return machine.resolve("sluice-" + Files.getAttribute(machine, "unix:uid"));
  }
}
