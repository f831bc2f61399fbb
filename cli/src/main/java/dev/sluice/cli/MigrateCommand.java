package dev.sluice.cli;

import dev.sluice.cli.database.DatabaseUrl;
import dev.sluice.cli.database.RolePasswords;
import dev.sluice.cli.terminal.Count;
import dev.sluice.localstack.postgres.DatabaseMigrator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;

@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Brings a deployed database to the newest version and lets the functions log in.",
      "The local cloud migrates its own database whenever it starts."
    },
    footer = {
      "",
      "Examples:",
      "  DATABASE_URL='jdbc:postgresql://HOST/sluice?user=admin&password=…' ./sluice migrate --stack sluice",
      "  ./sluice migrate --database-url 'jdbc:postgresql://…' --passwords roles.json",
      "",
      "roles.json is one object: {\"sluice_api\": \"PASSWORD\", \"sluice_parse\": \"PASSWORD\", …}",
      "With --stack the passwords come from the stack's secrets STACK/database/FUNCTION, read with",
      "the AWS region and credentials of this shell.",
      "Doing it again changes nothing."
    })
final class MigrateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description = "The owner's JDBC URL with the database's name (also DATABASE_URL).")
  private @Nullable String databaseUrl;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Passwords passwords = new Passwords();

  static final class Passwords {
    @Option(
        names = "--stack",
        paramLabel = "STACK",
        description = "Take the roles' passwords from this stack's secrets.")
    private @Nullable String stack;

    @Option(
        names = "--passwords",
        paramLabel = "FILE",
        description = "Take the roles' passwords from this JSON file.")
    private @Nullable Path file;

    Map<String, String> read() {
      try {
        return file != null ? RolePasswords.in(file) : RolePasswords.of(String.valueOf(stack));
      } catch (IOException | SdkException unreadable) {
        throw new CommandFailure(
            "the roles' passwords could not be read: " + unreadable.getMessage(), unreadable);
      }
    }
  }

  MigrateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DatabaseUrl target = target();
    Map<String, String> roles = passwords.read();
    try {
      int applied = new DatabaseMigrator(target.server()).migrate(target.database(), roles);
      surroundings
          .screen()
          .out()
          .println(
              "Applied "
                  + Count.of(applied, "migration")
                  + " to "
                  + target.database()
                  + " on "
                  + target.server()
                  + "; "
                  + Count.of(roles.size(), "role")
                  + " can log in.");
    } catch (SQLException | FlywayException refused) {
      throw new CommandFailure(
          "the database was not migrated: " + String.valueOf(refused.getMessage()).strip(),
          refused);
    }
    return ExitCode.DONE;
  }

  private DatabaseUrl target() {
    String url =
        databaseUrl != null
            ? databaseUrl
            : surroundings.environment().getOrDefault("DATABASE_URL", "");
    return DatabaseUrl.parse(url)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "name the database by --database-url or DATABASE_URL, as"
                        + " jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=SECRET"));
  }
}
