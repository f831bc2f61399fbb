package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
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
                 "user_metadata": {"job_id": "j", "generation": "2", "list": [1]},
                 "usage": {"credits": 35.5}}
                """));
    assertThat(job)
        .isEqualTo(
            new ParserJob(
                "pjb-1",
                ParserJob.Status.COMPLETED,
                Map.of("job_id", "j", "generation", "2"),
                null,
                null,
                36L));
  }

  @Test
  void readsAJobThatIsWrapped() {
    var job =
        ParserJobReader.job(
            json(
                """
                {"job": {"id": "pjb-1", "status": "failed", "error_code": "PDF_IS_BROKEN",
                         "error_message": "It ends in the middle.", "user_metadata": {"n": 1},
                         "usage": {"credits": 3}}}
                """));
    assertThat(job.status()).isEqualTo(ParserJob.Status.FAILED);
    assertThat(job.errorCode()).isEqualTo("PDF_IS_BROKEN");
    assertThat(job.errorMessage()).isEqualTo("It ends in the middle.");
    assertThat(job.metadata()).isEqualTo(Map.of("n", "1"));
    assertThat(job.credits()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"credits\": null}", "{\"credits\": -1}", "{\"credits\": 1e99}", "3"})
  void takesWhatIsNoChargeForNotRecorded(String usage) {
    assertThat(
            ParserJobReader.job(
                    json("{\"id\": \"p\", \"status\": \"RUNNING\", \"usage\": " + usage + "}"))
                .credits())
        .isNull();
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
    assertThat(ParserJobReader.jobs(json("{\"items\": []}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"items\": null}", "{\"items\": 3}", "{\"items\": [{}]}", "[]"})
  void takesNothingElseForAList(String answer) {
    assertThatIllegalArgumentException().isThrownBy(() -> ParserJobReader.jobs(json(answer)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "3",
        "{\"id\": \"p\"}",
        "{\"status\": \"PENDING\"}",
        "{\"job\": {}}",
        "{\"id\": \"p/../q\", \"status\": \"PENDING\"}"
      })
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
