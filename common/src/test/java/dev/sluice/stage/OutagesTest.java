package dev.sluice.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class OutagesTest {
  static Stream<Throwable> outages() {
    return Stream.of(
        SdkClientException.create("no answer"),
        S3Exception.builder().statusCode(503).build(),
        S3Exception.builder().statusCode(429).build(),
        new SQLTransientConnectionException("the pool has none"),
        new SQLNonTransientConnectionException("refused"),
        new SQLException("too many connections", "53300"),
        new SQLException("shutting down", "57P01"),
        new SQLException("cut", "08006"),
        new SQLException("deadlock detected", "40P01"),
        new SQLException("could not serialize access", "40001"),
        new SocketTimeoutException(),
        new ConnectException(),
        new UnknownHostException("s3"),
        new EOFException());
  }

  @ParameterizedTest
  @MethodSource("outages")
  void whatIsAroundTheWorkIsAnOutageHoweverItIsWrapped(Throwable failure) {
    assertThat(Outages.isOutage(failure)).isTrue();
    assertThat(Outages.isOutage(new IllegalStateException(new IOException(failure)))).isTrue();
  }

  static Stream<Throwable> defects() {
    return Stream.of(
        new IllegalStateException("a defect"),
        S3Exception.builder().statusCode(403).build(),
        new SQLException("a check is violated", "23514"),
        new SQLException("no state"),
        new UncheckedIOException(new IOException("No space left on device")));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void whatIsWrongWithTheWorkIsNone(Throwable failure) {
    assertThat(Outages.isOutage(failure)).isFalse();
  }

  @Test
  void aFullDiskHasAReasonOfItsOwn() {
    for (var words : List.of("No space left on device", "File too large")) {
      assertThat(Outages.isDiskFull(new UncheckedIOException(new IOException(words)))).isTrue();
    }
    assertThat(Outages.isDiskFull(new UncheckedIOException(new AccessDeniedException("/tmp/x"))))
        .isTrue();
    assertThat(Outages.isDiskFull(new IllegalStateException("a defect"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "4, 5", "60, 60", "61, 61", "299, 299", "3600, 300"})
  void waitsAsLongAgainAsTheOutageHasLasted(long age, long wait) {
    assertThat(Outages.sitOut(Duration.ofSeconds(age), "away", "It is away."))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(wait), "away"));
  }

  @Test
  void givesUpAfterADay() {
    assertThat(Outages.sitOut(Duration.ofHours(25), "away", "It is away."))
        .isEqualTo(new Outcome.Rejected("away", "It is away. It has been so for a day."));
  }
}
