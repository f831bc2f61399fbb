package dev.sluice.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;
import org.yaml.snakeyaml.Yaml;

/**
 * LocalStack and PostgreSQL in containers, in the place of our SQS, S3, Secrets Manager and
 * database: {@code ./sluice test --docker}, or Maven's profile {@code docker}. Images and init
 * scripts are those of {@code localstack/compose.yaml}. This needs a Docker engine; the machines on
 * which it was written have none, so it was compiled and never run.
 */
final class Containers implements AutoCloseable {
  private static final String WANTED = "sluice.containers";

  /** As {@code shm_size} has it. */
  private static final long SHARED_MEMORY = 1_200L << 20;

  private final LocalStackContainer localStack;
  private final PostgreSQLContainer postgres;

  private Containers(LocalStackContainer localStack, PostgreSQLContainer postgres) {
    this.localStack = localStack;
    this.postgres = postgres;
  }

  /** Whether the profile asks for containers. */
  static boolean wanted() {
    return Boolean.getBoolean(WANTED);
  }

  /**
   * Starts both.
   *
   * @throws IllegalStateException without a Docker engine, with a sentence that says what to
   *     install
   */
  static Containers start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "These tests start LocalStack and PostgreSQL in containers and found no Docker engine:"
              + " install one (Docker Engine, Docker Desktop, or Podman with DOCKER_HOST set),"
              + " or run ./sluice test --e2e, which needs none.");
    }
    Containers containers = new Containers(localStack(), postgres());
    try {
      containers.localStack.start();
      containers.postgres.start();
      return containers;
    } catch (RuntimeException e) {
      containers.close();
      throw e;
    }
  }

  private static LocalStackContainer localStack() {
    return new LocalStackContainer(DockerImageName.parse(image("localstack")))
        .withServices(service("localstack").environment("SERVICES").split(","))
        .withEnv("AWS_DEFAULT_REGION", service("localstack").environment("AWS_DEFAULT_REGION"))
        .withEnv(
            "SQS_ENDPOINT_STRATEGY", service("localstack").environment("SQS_ENDPOINT_STRATEGY"))
        .withCopyFileToContainer(
            MountableFile.forHostPath(
                Clouds.ROOT.resolve("localstack/init/localstack/ready.sh"), 0755),
            "/etc/localstack/init/ready.d/ready.sh");
  }

  private static PostgreSQLContainer postgres() {
    return new PostgreSQLContainer(
            DockerImageName.parse(image("postgres")).asCompatibleSubstituteFor("postgres"))
        .withUsername("postgres")
        .withPassword(service("postgres").environment("POSTGRES_PASSWORD"))
        .withDatabaseName("postgres")
        .withSharedMemorySize(SHARED_MEMORY)
        .withEnv("POSTGRES_INITDB_ARGS", service("postgres").environment("POSTGRES_INITDB_ARGS"))
        .withCopyFileToContainer(
            MountableFile.forHostPath(
                Clouds.ROOT.resolve("localstack/init/postgres/vector.sql"), 0644),
            "/docker-entrypoint-initdb.d/vector.sql");
  }

  /** What the local cloud reads of its environment to take these in the place of its own. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("SLUICE_CLOUD", "localstack");
    environment.put("AWS_ENDPOINT_URL", localStack.getEndpoint().toString());
    environment.put(
        "DATABASE_URL",
        "jdbc:postgresql://%s:%d/postgres?user=%s&password=%s"
            .formatted(
                postgres.getHost(),
                postgres.getFirstMappedPort(),
                postgres.getUsername(),
                postgres.getPassword()));
    return environment;
  }

  /** The image of a service of the compose file. */
  static String image(String service) {
    return service(service).image();
  }

  static Service service(String name) {
    Map<String, Map<String, Map<String, Object>>> compose =
        new Yaml().load(text("localstack/compose.yaml"));
    return new Service(compose.get("services").get(name));
  }

  static String text(String path) {
    try {
      return Files.readString(Clouds.ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A service of the compose file. */
  record Service(Map<String, Object> entries) {
    String image() {
      return entries.get("image").toString();
    }

    String environment(String variable) {
      return ((Map<?, ?>) entries.get("environment")).get(variable).toString();
    }

    /** Each as HOST:CONTAINER, and perhaps :ro. */
    List<String> volumes() {
      return ((List<?>) entries.get("volumes")).stream().map(Object::toString).toList();
    }
  }

  @Override
  public void close() {
    localStack.stop();
    postgres.stop();
  }
}
