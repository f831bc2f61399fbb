package dev.sluice.parse;

import static dev.sluice.parse.ParserJob.Status.PENDING;
import static dev.sluice.parse.ParserJob.Status.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        .isEqualTo(new ParserJobList(List.of(bare("a", PENDING), bare("b", RUNNING)), null));
    assertThat(ParserJobReader.jobs(json("{\"items\": [], \"next_page_token\": \"t\"}")))
        .isEqualTo(new ParserJobList(List.of(), "t"));
  }

  private static ParserJob bare(String id, ParserJob.Status status) {
    return new ParserJob(id, status, Map.of(), null, null, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T10:00:00Z, 2026-11-01T10:00:00Z",
    "2026-11-01T10:00:00.123456, 2026-11-01T10:00:00.123456Z",
    "2026-11-01T10:00:00+02:00, 2026-11-01T08:00:00Z",
    "yesterday, "
  })
  void readsWhenAJobWasMade(String said, @Nullable Instant read) {
    var answer = "{\"id\": \"p\", \"status\": \"PENDING\", \"created_at\": \"%s\"}";
    assertThat(ParserJobReader.job(json(answer.formatted(said))).createdAt()).isEqualTo(read);
  }

  @Test
  void knowsWhenTheRestOfAListIsTooOld() {
    var monday = Instant.parse("2026-11-02T00:00:00Z");
    var tuesday = monday.plus(Duration.ofDays(1));
    var wednesday = tuesday.plus(Duration.ofDays(1));
    assertThat(list(wednesday, monday).reachesBackTo(tuesday)).isTrue();
    assertThat(list(wednesday, tuesday).reachesBackTo(monday)).isFalse();
    assertThat(list(monday, tuesday).reachesBackTo(wednesday)).as("oldest first").isFalse();
    assertThat(list(wednesday, null).reachesBackTo(tuesday)).isFalse();
    assertThat(new ParserJobList(List.of(), "t").reachesBackTo(tuesday)).isFalse();
  }

  private static ParserJobList list(@Nullable Instant... madeAt) {
    return new ParserJobList(
        Arrays.stream(madeAt)
            .map(at -> new ParserJob("p", PENDING, Map.of(), null, null, at, null))
            .toList(),
        "t");
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
