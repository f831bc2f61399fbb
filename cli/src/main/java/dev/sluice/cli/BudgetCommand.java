package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.database.Spending;
import dev.sluice.cli.terminal.Count;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what was spent on the providers, and says what may be.",
      "A call that would exceed a limit is not made: its job waits, says so in ./sluice status,"
          + " and",
      "goes on when there is room. A search then goes by words."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice budget",
      "  ./sluice budget set --document 2 --day 50   dollars; what is not named is left as it is",
      "  ./sluice budget set --day none              lifts a limit",
      "  ./sluice budget pause                       no paid call is made from now on",
      "  ./sluice budget resume",
      "",
      "Of the cloud that runs on this machine, or of the database that --database-url names."
    })
final class BudgetCommand implements Callable<Integer> {
  private static final String NONE = "none";

  private final Surroundings surroundings;

  /** What is to be done. */
  enum Act {
    SHOW,
    SET,
    PAUSE,
    RESUME
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "ACT",
      defaultValue = "SHOW",
      description = "show (if none is named), set, pause or resume.")
  private Act act = Act.SHOW;

  @Option(names = "--document", paramLabel = "USD", description = "Of each document, or none.")
  private @Nullable String document;

  @Option(
      names = "--tenant",
      paramLabel = "USD",
      description = "Of each tenant, for good, or none.")
  private @Nullable String tenant;

  @Option(
      names = "--day",
      paramLabel = "USD",
      description = "Of each tenant and day (UTC), or none.")
  private @Nullable String day;

  @Mixin private OwnerDatabase database = new OwnerDatabase();

  @Option(names = "--json", description = "One JSON object and nothing else.")
  private boolean json;

  BudgetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (act == Act.SET && document == null && tenant == null && day == null) {
      throw new CommandFailure("name a limit: ./sluice budget set --day 50");
    }
    try (Connection connection = database.connectAsOperator(surroundings)) {
      act(connection);
      say(Spending.read(connection));
    } catch (SQLException refused) {
      throw new CommandFailure(
          "the database could not be asked: " + String.valueOf(refused.getMessage()), refused);
    }
    return ExitCode.DONE;
  }

  private void act(Connection connection) throws SQLException {
    switch (act) {
      case SHOW -> {
        // Shown in any case.
      }
      case SET -> {
        Spending now = Spending.read(connection);
        Spending.limit(
            connection,
            limit(document, now.documentLimit()),
            limit(tenant, now.tenantLimit()),
            limit(day, now.dayLimit()));
      }
      case PAUSE -> Spending.pause(connection, true);
      case RESUME -> Spending.pause(connection, false);
    }
  }

  private static @Nullable BigDecimal limit(@Nullable String given, @Nullable BigDecimal before) {
    if (given == null) {
      return before;
    }
    if (given.equals(NONE)) {
      return null;
    }
    try {
      BigDecimal usd = new BigDecimal(given);
      if (usd.signum() >= 0 && usd.precision() - usd.scale() <= 9) {
        return usd;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new CommandFailure(given + " is no amount of dollars, such as 2.50, and not none");
  }

  private void say(Spending spending) throws JsonProcessingException {
    if (json) {
      surroundings.screen().out().println(Json.MAPPER.writeValueAsString(spending));
      return;
    }
    var out = surroundings.screen().out();
    if (spending.paused()) {
      out.println("Paid calls are paused: ./sluice budget resume");
    }
    out.printf(
        "Spent %s today and %s in all; %s is reserved for calls under way.%n",
        usd(spending.spentToday()), usd(spending.spent()), usd(spending.reserved()));
    out.printf(
        "Limits: %s a document, %s a tenant, %s a tenant and day.%n",
        limit(spending.documentLimit()), limit(spending.tenantLimit()), limit(spending.dayLimit()));
    if (spending.waiting() > 0) {
      out.println(Count.of(spending.waiting(), "job") + " waiting for it.");
    }
  }

  private static String limit(@Nullable BigDecimal usd) {
    return usd == null ? "none" : usd(usd);
  }

  private static String usd(BigDecimal amount) {
    return "$" + amount.stripTrailingZeros().toPlainString();
  }
}
