package dev.sluice.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.LambdaCall;
import dev.sluice.localstack.TestServers;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class SweepHandlerTest {
  @Test
  void sweepsWhenTheScheduleSays() throws IOException {
    var event =
        ObjectMapper.getDefault()
            .readValue(
                Files.readString(Path.of("events/every-minute.json")),
                Argument.mapOf(String.class, Object.class));
    try (var database = TestServers.database()) {
      var environment =
          FunctionContext.environment(
              database, TestServers.environment("sweep", database.password(), Map.of()));
      LambdaCall.setEnvironment(environment);
      try {
        assertThat(new SweepHandler().handleRequest(event, LambdaCall.context()))
            .containsEntry("jobs_woken", 0L);
      } finally {
        LambdaCall.clearEnvironment(environment);
      }
    }
  }
}
