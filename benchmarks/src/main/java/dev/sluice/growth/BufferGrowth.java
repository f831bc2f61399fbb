package dev.sluice.growth;

import dev.sluice.bench.BenchDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Fills the chunk buffer and takes documents through it at each size.
 *
 * <p>Arguments: an empty folder, the file for the results, how many documents at each size, sizes
 * in rows, growing. Each line of the results is a step at a size: rows, name, and the milliseconds
 * of each document, between tabs.
 */
public final class BufferGrowth {
  /** Before anything is measured; its documents are forgotten, since the first size is small. */
  private static final int WARM_UP = 60;

  /** The first documents after a filling read what is not in memory. */
  private static final int AFTER_FILLING = 2;

  private BufferGrowth() {}

  public static void main(String[] arguments) throws Exception {
    Path results = Path.of(arguments[1]);
    int documents = Integer.parseInt(arguments[2]);
    List<Integer> sizes = Arrays.stream(arguments).skip(3).map(Integer::valueOf).toList();
    List<String> lines = new ArrayList<>();
    try (BenchDatabase database = BenchDatabase.start(Path.of(arguments[0]));
        DocumentCourse course = DocumentCourse.in(database, UUID.randomUUID())) {
      var unused = repeat(course, WARM_UP);
      course.rows().forget();
      int filled = 0;
      for (int rows : sizes) {
        int wanted = Math.max(1, rows / JobRows.CHUNKS_A_DOCUMENT);
        course.rows().fill(filled, wanted);
        filled = wanted;
        lines.addAll(measure(course, rows, documents));
      }
    }
    Files.write(results, lines);
  }

  private static List<String> measure(DocumentCourse course, int rows, int documents)
      throws SQLException {
    var unused = repeat(course, AFTER_FILLING);
    List<Map<String, Double>> all = repeat(course, documents);
    return all.getFirst().keySet().stream().map(step -> line(rows, step, all)).toList();
  }

  private static List<Map<String, Double>> repeat(DocumentCourse course, int documents)
      throws SQLException {
    List<Map<String, Double>> all = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      all.add(course.run());
    }
    return all;
  }

  private static String line(int rows, String step, List<Map<String, Double>> all) {
    return all.stream()
        .map(times -> String.format(Locale.ROOT, "%.4f", times.get(step)))
        .collect(Collectors.joining("\t", rows + "\t" + step + "\t", ""));
  }
}
