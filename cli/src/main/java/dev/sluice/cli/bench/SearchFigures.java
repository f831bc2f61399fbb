package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the benchmarks' NeighbourSearch has found, in its order.
 *
 * @param searches of a way by tenants of different size
 * @param builds of indexes
 * @param adds of passages beside an index
 */
record SearchFigures(List<Search> searches, List<Build> builds, List<Add> adds) {

  /**
   * One tenant's questions.
   *
   * @param rows the tenant's passages
   * @param among all passages that were in the table
   * @param recall of the ten nearest, from 0 to 1
   * @param milliseconds of each question
   */
  record Search(String way, int rows, int among, double recall, List<Double> milliseconds) {
    double median() {
      return Statistics.median(milliseconds);
    }

    double p95() {
      return Statistics.percentile(milliseconds, 0.95);
    }
  }

  /** An index over so many rows. */
  record Build(String way, int rows, double seconds) {}

  /** Passages that the largest tenant gets. */
  record Add(String way, int among, double rowsASecond) {}

  static SearchFigures read(Path results) throws IOException {
    List<String[]> lines =
        Files.readAllLines(results).stream().map(line -> line.split("\t")).toList();
    return new SearchFigures(
        lines.stream().filter(line -> line[0].equals("search")).map(SearchFigures::search).toList(),
        lines.stream()
            .filter(line -> line[0].equals("build"))
            .map(line -> new Build(line[1], Integer.parseInt(line[2]), Double.parseDouble(line[3])))
            .toList(),
        lines.stream()
            .filter(line -> line[0].equals("add"))
            .map(line -> new Add(line[1], Integer.parseInt(line[2]), Double.parseDouble(line[3])))
            .toList());
  }

  private static Search search(String[] line) {
    return new Search(
        line[1],
        Integer.parseInt(line[2]),
        Integer.parseInt(line[3]),
        Double.parseDouble(line[4]),
        Arrays.stream(line).skip(5).map(Double::valueOf).toList());
  }

  Search search(String way, int rows, int among) {
    return searches.stream()
        .filter(one -> one.way.equals(way) && one.rows == rows && one.among == among)
        .findFirst()
        .orElseThrow();
  }

  double rowsASecond(String way) {
    return Statistics.median(
        adds.stream().filter(add -> add.way.equals(way)).map(Add::rowsASecond).toList());
  }

  /** Of all its builds together. */
  double builtASecond(String way) {
    List<Build> all = builds.stream().filter(build -> build.way.equals(way)).toList();
    return all.stream().mapToInt(Build::rows).sum()
        / all.stream().mapToDouble(Build::seconds).sum();
  }
}
