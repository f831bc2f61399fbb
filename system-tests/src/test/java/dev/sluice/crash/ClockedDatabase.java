package dev.sluice.crash;

import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.postgres.LocalPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A database whose {@code clock_timestamp()} can be moved on: another function of that name comes
 * first in the search path, so that migrations, triggers and statements bind to it.
 */
final class ClockedDatabase {
  private static final List<String> CLOCK =
      List.of(
          "create schema pipeline_time",
          "create table pipeline_time.moved (forward interval not null)",
          "insert into pipeline_time.moved values (interval '0')",
          """
          create function pipeline_time.clock_timestamp() returns timestamptz language sql volatile
          as 'select pg_catalog.clock_timestamp() + forward from pipeline_time.moved'
          """,
          "grant usage on schema pipeline_time to public",
          "grant select on pipeline_time.moved to public",
          "alter database sluice set search_path = public, pipeline_time, pg_catalog");

  private static final String MOVE =
      "update pipeline_time.moved set forward = make_interval(secs => %d)";

  /** What runs as its owner has a search path of its own. */
  private static final String REBIND =
      """
      do $$
      declare
          one record;
      begin
          for one in select oid::regprocedure as name from pg_proc
                     where prosecdef and pronamespace = 'public'::regnamespace loop
              execute format(
                  'alter function %s set search_path = public, pipeline_time, pg_catalog, pg_temp',
                  one.name);
          end loop;
      end $$
      """;

  private ClockedDatabase() {}

  /** Prepares the database in which the cloud will find nothing but another clock. */
  static void prepare(Path state, CloudPorts ports) throws SQLException {
    var settings =
        new LocalPostgres.Settings(
            state.resolve("postgres"), ports.postgres(), false, System.getenv(), line -> {});
    try (var postgres = LocalPostgres.start(settings)) {
      try (var maintenance = postgres.superuser().connect("postgres");
          var statement = maintenance.createStatement()) {
        statement.execute("create database sluice template template0 encoding 'UTF8'");
      }
      try (var connection = postgres.superuser().connect("sluice");
          var statement = connection.createStatement()) {
        for (var sql : CLOCK) {
          statement.execute(sql);
        }
      }
    }
  }

  /** Once the migrations have run. */
  static void rebind(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(REBIND);
    }
  }

  static void move(Connection connection, Duration offset) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(MOVE.formatted(offset.toSeconds()));
    }
  }
}
