package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of cells whose edges line up.
 *
 * @param length how many lines the table takes
 * @param rows the texts, each row with one text a column
 */
record Table(int length, List<List<String>> rows) {
  private static final int FEWEST_ROWS = 3;
  private static final int LONGEST_CELL = 70;

  /** A line this close under the one before, in line heights, continues its cells. */
  private static final float CONTINUES = 1.32f;

  /** The table that begins at a line, if there is one. */
  static Optional<Table> at(List<Line> lines, int from) {
    if (lines.get(from).cells().size() < 2) {
      return Optional.empty();
    }
    TableColumns columns = new TableColumns();
    List<List<String>> rows = new ArrayList<>();
    int next = from;
    for (; next < lines.size(); next++) {
      Line line = lines.get(next);
      boolean close = next > from && isClose(lines.get(next - 1), line);
      boolean continues = close && !columns.isInFirst(line.cells().getFirst());
      if ((line.cells().size() < 2 && !close) || !columns.accept(line.cells())) {
        break;
      }
      if (line.cells().size() < 2 && !continues) {
        break;
      }
      rows.add(continues ? null : new ArrayList<>());
    }
    return build(lines.subList(from, next), columns, rows);
  }

  private static boolean isClose(Line above, Line below) {
    return below.y() - above.y() <= CONTINUES * below.size();
  }

  private static Optional<Table> build(
      List<Line> lines, TableColumns columns, List<List<String>> starts) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      List<String> texts = columns.texts(lines.get(i).cells());
      if (starts.get(i) == null && !rows.isEmpty()) {
        rows.add(joined(rows.removeLast(), texts));
      } else {
        rows.add(texts);
      }
    }
    return isTable(rows) ? Optional.of(new Table(lines.size(), rows)) : Optional.empty();
  }

  private static List<String> joined(List<String> above, List<String> below) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      cells.add((above.get(i) + " " + below.get(i)).strip());
    }
    return cells;
  }

  private static boolean isTable(List<List<String>> rows) {
    int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
    double average =
        rows.stream().flatMap(List::stream).mapToInt(String::length).average().orElse(0);
    return columns >= 2
        && (rows.size() >= FEWEST_ROWS || (rows.size() == 2 && columns >= 3))
        && average <= LONGEST_CELL;
  }

  String markdown() {
    StringBuilder table = new StringBuilder();
    append(table, rows.getFirst());
    table.append("|").append(" --- |".repeat(rows.getFirst().size())).append('\n');
    rows.stream().skip(1).forEach(row -> append(table, row));
    return table.toString();
  }

  private static void append(StringBuilder table, List<String> row) {
    table.append('|');
    row.forEach(cell -> table.append(' ').append(cell.replace("|", "\\|")).append(" |"));
    table.append('\n');
  }
}
