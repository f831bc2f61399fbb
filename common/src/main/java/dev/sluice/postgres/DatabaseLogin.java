package dev.sluice.postgres;

import dev.sluice.secrets.Secrets;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.sql.SQLException;

/** Has the pool connect with its function's own role and password. */
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
    var pool = event.getBean();
    var connections = new SecretLogin(secrets, secretId);
    try {
      connections.setURL(pool.getJdbcUrl());
      for (var name : pool.getDataSourceProperties().stringPropertyNames()) {
        connections.setProperty(name, pool.getDataSourceProperties().getProperty(name));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database's address or properties are wrong", e);
    }
    pool.setDataSource(connections);
    return pool;
  }
}
