package dev.sluice.cli;

import dev.sluice.cli.database.DatabaseUrl;
import dev.sluice.cli.terminal.Count;
import dev.sluice.localstack.postgres.SearchIndexes;
import dev.sluice.localstack.postgres.SearchIndexes.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    description = {
      "Gives each tenant with many passages a search index of its own, brings it up to date when",
      "many have come since, and drops it when few are left. Searches and uploads go on."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice index                 whoever has more than 20,000 passages that are scanned",
      "  ./sluice index --rows 50000    fewer indexes, slower searches",
      "",
      "A search scans a tenant's passages exactly until they are in an index, which finds nearly",
      "all that a scan finds; docs/benchmarks.md says how many, and how fast. Run it every day.",
      "Of the cloud that runs on this machine, or of the database that --database-url names. Exit",
      "code 1 if a build failed."
    })
final class IndexCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Surroundings surroundings;

  @Mixin private OwnerDatabase database = new OwnerDatabase();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20000",
      description = "So many passages of a tenant may be scanned (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      defaultValue = "1024",
      description = {
        "What a build may use on the database's server (default: ${DEFAULT-VALUE});",
        "250,000 passages need about 1,024, as shared memory if it builds in parallel."
      })
  private int megabytes;

  IndexCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (rows < 1 || megabytes < 1) {
      throw new CommandFailure("--rows and --memory must be at least 1");
    }
    DatabaseUrl target = database.url(surroundings);
    try (Connection connection = target.server().connect(target.database());
        Connection watch = target.server().connect(target.database())) {
      SearchIndexes indexes = new SearchIndexes(connection);
      if (!indexes.lock()) {
        throw new CommandFailure("another ./sluice index is at work on this database");
      }
      indexes.dropUnused();
      SearchIndexes watched = new SearchIndexes(watch);
      List<Tenant> tenants = indexes.tenants();
      int code = ExitCode.DONE;
      for (Tenant tenant : tenants) {
        code = Math.max(code, update(indexes, watched, tenant));
      }
      if (tenants.stream().noneMatch(this::isDue)) {
        surroundings.screen().out().println("Nothing to do.");
      }
      return code;
    } catch (SQLException refused) {
      throw new CommandFailure(
          "the database refused: " + String.valueOf(refused.getMessage()), refused);
    }
  }

  private boolean isDue(Tenant tenant) {
    return tenant.needsIndex(rows) || tenant.needsNoIndex(rows);
  }

  /** What one tenant's passages do not allow must not keep the others from their index. */
  private int update(SearchIndexes indexes, SearchIndexes watch, Tenant tenant)
      throws InterruptedException {
    try {
      if (tenant.needsIndex(rows)) {
        build(indexes, watch, tenant);
        say("Tenant %s: %s indexed.", tenant);
      } else if (tenant.needsNoIndex(rows)) {
        indexes.drop(tenant.userId());
        say("Tenant %s: %s scanned from now on.", tenant);
      }
      return ExitCode.DONE;
    } catch (SQLException refused) {
      surroundings
          .screen()
          .err()
          .println("Tenant " + tenant.userId() + ": " + String.valueOf(refused.getMessage()));
      return ExitCode.DOCUMENT_FAILED;
    }
  }

  private void build(SearchIndexes indexes, SearchIndexes watch, Tenant tenant)
      throws SQLException, InterruptedException {
    FutureTask<Boolean> build =
        new FutureTask<>(
            () -> {
              indexes.build(tenant.userId(), megabytes);
              return true;
            });
    Thread.ofVirtual().start(build);
    while (!isDone(build)) {
      String progress = watch.progress();
      if (progress != null) {
        surroundings.screen().err().println("Tenant " + tenant.userId() + ": " + progress);
      }
    }
  }

  private static boolean isDone(FutureTask<Boolean> build)
      throws SQLException, InterruptedException {
    try {
      return build.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException atWork) {
      return false;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof SQLException refused) {
        throw refused;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  private void say(String format, Tenant tenant) {
    surroundings
        .screen()
        .out()
        .println(format.formatted(tenant.userId(), Count.of(tenant.active(), "passage")));
  }
}
