package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParserJobReaderTest {
  @Test
  void readsAJobWhoseFieldsStandAtTheTop() {
    var job =
        ParserJobReader.job(
            json(
                """
                {"id": "pjb-1", "status": "COMPLETED", "error_message": null, "tier": "fast",
                 "user_metadata": {"job_id": "j", "generation": "2"},
                 "job_metadata": {"job_pages": 12, "job_credits_usage": 36},
                 "markdown_content_metadata":
                     {"size_bytes": 9, "exists": true, "presigned_url": "https://results/1.md?sig=x"}}
                """));
    assertThat(job)
        .isEqualTo(
            new ParserJob(
                "pjb-1",
                ParserJob.Status.COMPLETED,
                Map.of("job_id", "j", "generation", "2"),
                null,
                null,
                12,
                36L,
                URI.create("https://results/1.md?sig=x")));
  }

  @Test
  void readsAJobThatIsWrapped() {
    var job =
        ParserJobReader.job(
            json(
                """
                {"job": {"id": "pjb-1", "status": "failed", "error_code": "PDF_IS_BROKEN",
                         "error_message": "It ends in the middle.", "user_metadata": {"n": 1}},
                 "result_content_metadata": {"markdown": {"presigned_url": "https://r/2.md"}}}
                """));
    assertThat(job.status()).isEqualTo(ParserJob.Status.FAILED);
    assertThat(job.errorCode()).isEqualTo("PDF_IS_BROKEN");
    assertThat(job.errorMessage()).isEqualTo("It ends in the middle.");
    assertThat(job.metadata()).isEqualTo(Map.of("n", "1"));
    assertThat(job.content()).isEqualTo(URI.create("https://r/2.md"));
    assertThat(job.pages()).isNull();
    assertThat(job.credits()).isNull();
  }

  @Test
  void takesAStatusThatItDoesNotKnowForRunning() {
    assertThat(ParserJobReader.job(json("{\"id\": \"p\", \"status\": \"THINKING\"}")).status())
        .isEqualTo(ParserJob.Status.RUNNING);
  }

  @Test
  void readsTheJobsOfAList() {
    assertThat(
            ParserJobReader.jobs(
                json(
                    """
                    {"items": [{"id": "a", "status": "PENDING"}, {"id": "b", "status": "RUNNING"}],
                     "next_page_token": null}
                    """)))
        .extracting(ParserJob::id)
        .containsExactly("a", "b");
    assertThat(ParserJobReader.jobs(json("{}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\": \"p\"}", "{\"status\": \"PENDING\"}", "{\"job\": {}}"})
  void refusesAnAnswerThatNamesNoJob(String answer) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ParserJobReader.job(json(answer)))
        .withMessageContaining("no job id or no status");
  }

  private static JsonNode json(String text) {
    try {
      return ObjectMapper.getDefault().readValue(text, JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
