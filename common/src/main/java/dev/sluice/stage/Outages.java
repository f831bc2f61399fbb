package dev.sluice.stage;

import dev.sluice.message.MessageSender.MessagesNotSent;
import dev.sluice.postgres.TransactionBroken;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Tells what is wrong around a stage from what is wrong with its work. */
public final class Outages {
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** ENOSPC, EFBIG and EDQUOT, as the C library words them. */
  private static final Pattern NO_ROOM =
      Pattern.compile("No space left on device|File too large|Disk quota exceeded");

  private Outages() {}

  /**
   * How to wait for a provider that is away: as long again as it has been, between 5 s and 5
   * minutes. After a day the job fails, and can be retried.
   *
   * @param age of the outage, as the row tells it; over a minute the row has the wait
   */
  public static Outcome sitOut(Duration age, String code, String message) {
    if (age.compareTo(LONGEST) > 0) {
      return new Outcome.Rejected(code, message + " It has been so for a day.");
    }
    var wait = age.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : age;
    return new Outcome.Deferred(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait, code);
  }

  /** Whether PostgreSQL, S3 or SQS was away, overloaded, or cut the connection. */
  static boolean isOutage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isOutageItself(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the function's own disk took no more, which another environment's may. */
  static boolean isDiskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException
          || (cause instanceof IOException
              && NO_ROOM.matcher(String.valueOf(cause.getMessage())).find())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOutageItself(Throwable failure) {
    return switch (failure) {
      case SdkServiceException answer -> answer.statusCode() >= 500 || answer.statusCode() == 429;
      case SdkClientException noAnswer -> true;
      case SQLTransientConnectionException noConnection -> true;
      case SQLNonTransientConnectionException noConnection -> true;
      case SQLException sql -> isOutage(sql.getSQLState());
      case TransactionBroken broken -> true;
      case MessagesNotSent refused -> true;
      case SocketException cut -> true;
      case SocketTimeoutException silent -> true;
      case UnknownHostException unknown -> true;
      case EOFException half -> true;
      default -> false;
    };
  }

  /**
   * Connections (08), a transaction that another one's put back (40), resources such as connections
   * or disk (53), shut down or starting (57P).
   */
  private static boolean isOutage(@Nullable String sqlState) {
    return sqlState != null
        && (sqlState.startsWith("08")
            || sqlState.startsWith("40")
            || sqlState.startsWith("53")
            || sqlState.startsWith("57P"));
  }
}
