package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.LambdaCall;
import dev.sluice.localstack.TestServers;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class EmbedHandlerTest {
  @Test
  void acknowledgesTheMessageOfADocumentThatIsGone() {
    try (var database = TestServers.database()) {
      var environment =
          FunctionContext.environment(
              database,
              TestServers.environment(
                  "embed", database.password(), Map.of("OPENAI_URL", "http://127.0.0.1:1")));
      LambdaCall.setEnvironment(environment);
      try {
        var response =
            new EmbedHandler()
                .handleRequest(LambdaCall.event(SQSEvent.class, "embed"), LambdaCall.context());
        assertThat(response.getBatchItemFailures()).isEmpty();
      } finally {
        LambdaCall.clearEnvironment(environment);
      }
    }
  }
}
