package dev.sluice.cli.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @Test
  void keepsServerDatabaseAndParametersApart() {
    DatabaseUrl url =
        DatabaseUrl.parse(
                "jdbc:postgresql://db.example:6432/docs?user=admin&password=s3%26&sslmode=require")
            .orElseThrow();
    assertThat(url.database()).isEqualTo("docs");
    assertThat(url.server().password()).isEqualTo("s3&");
    assertThat(url.server().url("docs"))
        .isEqualTo("jdbc:postgresql://db.example:6432/docs?sslmode=require");
    assertThat(url.server()).hasToString("admin@db.example:6432");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "postgres://u:p@host/db", "jdbc:postgresql://host/db"})
  void isNothingWithoutAUserOrOfAnotherKind(String url) {
    assertThat(DatabaseUrl.parse(url)).isEmpty();
  }
}
