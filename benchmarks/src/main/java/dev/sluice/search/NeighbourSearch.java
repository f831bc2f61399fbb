package dev.sluice.search;

import dev.sluice.bench.BenchDatabase;
import dev.sluice.localstack.postgres.SearchIndexes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Searches among tenants of different size: by scanning, in an index that all share, and in one of
 * their own; and adds passages beside each.
 *
 * <p>Arguments: an empty folder, the file for the results, rows in all, questions. Its lines have
 * tabs: {@code search}, way, the tenant's rows, all rows, recall at 10, milliseconds of each
 * question; {@code build}, way, rows, seconds; {@code add}, way, all rows, rows a second.
 */
public final class NeighbourSearch {
  /** Of all rows; what is left is the largest tenant's. */
  private static final List<Double> SHARES = List.of(0.005, 0.05, 0.25);

  private static final int ADDED = 1_000;
  private static final int MEGABYTES = 1_024;
  private static final String MEMORY = "set maintenance_work_mem = '" + MEGABYTES + "MB'";
  private static final int NEAREST = 10;

  private static final String BUILD_SHARED =
      """
      create index shared on document_chunks
      using hnsw ((vector::halfvec(1536)) halfvec_cosine_ops)
      """;

  private final BenchDatabase database;
  private final Passages passages;
  private final Topics topics = new Topics(11);
  private final List<float[]> questions;
  private final List<String> results = new ArrayList<>();

  private NeighbourSearch(BenchDatabase database, int questions) {
    this.database = database;
    passages = new Passages(database);
    this.questions = topics.next(questions);
  }

  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[2]);
    try (var database = BenchDatabase.start(Path.of(arguments[0]))) {
      var search = new NeighbourSearch(database, Integer.parseInt(arguments[3]));
      var tenants = SHARES.stream().map(share -> (int) (share * rows)).collect(Collectors.toList());
      tenants.add(rows - tenants.stream().mapToInt(Integer::intValue).sum());
      search.among(tenants);
      search.among(List.of(rows));
      Files.write(Path.of(arguments[1]), search.results);
    }
  }

  /** A tenant, and what a scan found for each question: the truth. */
  private record Tenant(UUID id, int rows, List<List<UUID>> nearest) {}

  /** Tenants of so many rows each in one table, the largest last. */
  private void among(List<Integer> sizes) throws SQLException, IOException {
    passages.removeAll();
    List<UUID> ids = new ArrayList<>();
    for (int size : sizes) {
      var id = UUID.randomUUID();
      var unused = passages.add(id, 0, topics.next(size));
      ids.add(id);
    }
    passages.settle();
    List<Tenant> tenants = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      tenants.add(scanned(ids.get(i), sizes.get(i)));
    }
    measure("scan", Finder.SCAN, tenants);
    add("scan", tenants);
    shared(tenants);
    own(tenants);
    later(tenants.getLast());
  }

  private Tenant scanned(UUID id, int rows) throws SQLException {
    return new Tenant(id, rows, Finder.SCAN.find(database, id, questions).nearest());
  }

  /** Passages that came after the index was built. */
  private void later(Tenant largest) throws SQLException {
    int later = largest.rows / 5;
    var unused = passages.add(largest.id, largest.rows, topics.next(later));
    passages.settle();
    measure("own_later", Finder.SLUICE, List.of(scanned(largest.id, largest.rows + later)));
  }

  private void shared(List<Tenant> tenants) throws SQLException {
    build("shared", sum(tenants), () -> database.run(List.of(MEMORY, BUILD_SHARED)));
    measure("shared", Finder.SHARED, tenants);
    measure("shared_iterative", Finder.SHARED_ITERATIVE, tenants);
    add("shared", tenants);
    database.run(List.of("drop index shared"));
  }

  private void own(List<Tenant> tenants) throws SQLException {
    for (var tenant : tenants) {
      try (var connection = database.connect()) {
        var indexes = new SearchIndexes(connection);
        build("own", tenant.rows, () -> indexes.build(tenant.id, MEGABYTES));
      }
    }
    measure("own", Finder.SLUICE, tenants);
    add("own", tenants);
  }

  private static int sum(List<Tenant> tenants) {
    return tenants.stream().mapToInt(Tenant::rows).sum();
  }

  private interface Work {
    void run() throws SQLException;
  }

  private void build(String way, int rows, Work work) throws SQLException {
    long began = System.nanoTime();
    work.run();
    result("build\t%s\t%d\t%.3f", way, rows, (System.nanoTime() - began) / 1e9);
  }

  private void measure(String way, Finder finder, List<Tenant> tenants) throws SQLException {
    for (var tenant : tenants) {
      var found = finder.find(database, tenant.id, questions);
      result(
          "search\t%s\t%d\t%d\t%.4f\t%s",
          way,
          tenant.rows,
          sum(tenants),
          recall(found.nearest(), tenant.nearest),
          found.milliseconds().stream()
              .map(time -> String.format(Locale.ROOT, "%.3f", time))
              .collect(Collectors.joining("\t")));
    }
  }

  private static double recall(List<List<UUID>> found, List<List<UUID>> truth) {
    return IntStream.range(0, truth.size())
        .mapToDouble(
            i -> {
              var both = new HashSet<>(found.get(i));
              both.retainAll(truth.get(i));
              return (double) both.size() / Math.min(NEAREST, truth.get(i).size());
            })
        .average()
        .orElse(0);
  }

  /** Adds passages to the largest tenant's and takes them away again. */
  private void add(String way, List<Tenant> tenants) throws SQLException {
    var tenant = tenants.getLast();
    var vectors = topics.next(ADDED);
    long began = System.nanoTime();
    passages.add(tenant.id, tenant.rows, vectors);
    result("add\t%s\t%d\t%.1f", way, sum(tenants), ADDED / ((System.nanoTime() - began) / 1e9));
    passages.remove(tenant.id, tenant.rows);
    passages.settle();
  }

  private void result(String format, Object... values) {
    var line = String.format(Locale.ROOT, format, values);
    System.out.println(line);
    results.add(line);
  }
}
