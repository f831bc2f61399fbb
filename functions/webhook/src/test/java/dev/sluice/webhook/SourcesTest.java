package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.callback.CallbackRefused;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call, and how often in vain. */
class SourcesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");
  private static final UUID JOB = new UUID(1, 2);

  private final FailedAttempts failures = new FailedAttempts();

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.128, true",
    "192.0.2.9, 192.0.2.9, true",
    "192.0.2.9, 192.0.2.10, false",
    "0.0.0.0/0, 203.0.113.5, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "192.0.2.0/24, ::ffff:192.0.2.7, true",
    "192.0.2.0/24, example.com, false",
    "192.0.2.0/24, '', false"
  })
  void allowsTheAddressesOfARange(String range, String source, boolean allowed) {
    assertThat(isAllowed("198.51.100.0/24, " + range, source)).isEqualTo(allowed);
  }

  @Test
  void allowsAllWhenNoRangeIsGiven() {
    assertThat(isAllowed("", "203.0.113.5")).isTrue();
    assertThat(isAllowed(" , ", "")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "example.com", "::/129"})
  void doesNotStartWithARangeThatIsNone(String range) {
    assertThatIllegalArgumentException().isThrownBy(() -> new AllowedSources(range));
  }

  @Test
  void holdsOffWhoFailsTooOftenForAJobUntilTheMinuteIsOver() {
    failOften("192.0.2.1", JOB);
    assertThat(attempt("192.0.2.1", JOB, NOW)).isEqualTo("source_limited");
    assertThat(attempt("192.0.2.1", JOB, NOW.plusSeconds(60))).isEqualTo("source_limited");
    assertThat(attempt("192.0.2.1", JOB, NOW.plusSeconds(61))).isEqualTo("signature_wrong");
  }

  @Test
  void letsOtherAddressesAndOtherJobsOfTheSameAddressPass() {
    failOften("192.0.2.1", JOB);
    assertThat(attempt("192.0.2.2", JOB, NOW)).isEqualTo("signature_wrong");
    assertThat(attempt("192.0.2.1", new UUID(3, 4), NOW)).isEqualTo("signature_wrong");
  }

  @Test
  void forgetsTheOldestCallerWhenThereAreTooMany() {
    failOften("192.0.2.1", JOB);
    for (int other = 0; other < 10_000; other++) {
      attempt("192.0.2.1", new UUID(5, other), NOW);
    }
    assertThat(attempt("192.0.2.1", JOB, NOW)).isEqualTo("signature_wrong");
  }

  private void failOften(String source, UUID job) {
    for (int at = 0; at < FailedAttempts.MOST; at++) {
      assertThat(attempt(source, job, NOW)).isEqualTo("signature_wrong");
    }
  }

  private String attempt(String source, UUID job, Instant now) {
    try {
      failures.guard(
          source,
          job,
          now,
          () -> {
            throw new CallbackRefused("signature_wrong");
          });
    } catch (CallbackRefused refused) {
      return refused.reason();
    }
    throw new AssertionError("the check did not run");
  }

  private static boolean isAllowed(String ranges, String source) {
    var sources = new AllowedSources(ranges);
    try {
      sources.check(source);
      return true;
    } catch (CallbackRefused refused) {
      assertThatExceptionOfType(CallbackRefused.class)
          .isThrownBy(() -> sources.check(source))
          .withMessage("source_not_allowed");
      return false;
    }
  }
}
