package dev.sluice.postgres;

import dev.sluice.secrets.Secrets;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.util.Objects;

/** Gives the data source its function's own role and password, from Secrets Manager. */
@Singleton
final class DatabaseLogin implements BeanCreatedEventListener<DatasourceConfiguration> {
  private final Secrets secrets;
  private final String secretId;

  DatabaseLogin(Secrets secrets, @Property(name = "sluice.database-secret") String secretId) {
    this.secrets = secrets;
    this.secretId = secretId;
  }

  @Override
  public DatasourceConfiguration onCreated(BeanCreatedEvent<DatasourceConfiguration> event) {
    var login = secrets.get(secretId);
    var dataSource = event.getBean();
    dataSource.setUsername(Objects.requireNonNull(login.get("username"), "username"));
    dataSource.setPassword(Objects.requireNonNull(login.get("password"), "password"));
    return dataSource;
  }
}
