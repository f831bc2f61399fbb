package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The columns of a table as they emerge: stretches of the width that cells share. */
final class TableColumns {
  private List<Line.Cell> columns = new ArrayList<>();

  /**
   * Takes the cells of one more line, widening columns.
   *
   * @return false, and nothing is taken, if a cell would join two columns into one
   */
  boolean accept(List<Line.Cell> cells) {
    List<Line.Cell> widened = new ArrayList<>(columns);
    for (Line.Cell cell : cells) {
      List<Line.Cell> touched = widened.stream().filter(column -> overlap(column, cell)).toList();
      if (touched.size() > 1) {
        return false;
      }
      widened.removeAll(touched);
      widened.add(touched.isEmpty() ? cell : union(touched.getFirst(), cell));
    }
    boolean loneNewColumn = widened.size() > columns.size() && cells.size() == 1;
    boolean fewer = widened.size() < cells.size();
    if (loneNewColumn || fewer) {
      return false;
    }
    widened.sort(Comparator.comparingDouble(Line.Cell::start));
    columns = widened;
    return true;
  }

  boolean isInFirst(Line.Cell cell) {
    return !columns.isEmpty() && overlap(columns.getFirst(), cell);
  }

  /** The texts of a line by column, empty where the line has no cell. */
  List<String> texts(List<Line.Cell> cells) {
    return columns.stream()
        .map(
            column ->
                cells.stream()
                    .filter(cell -> overlap(column, cell))
                    .map(Line.Cell::text)
                    .reduce("", (left, right) -> (left + " " + right).strip()))
        .toList();
  }

  private static boolean overlap(Line.Cell one, Line.Cell other) {
    return one.start() < other.end() && other.start() < one.end();
  }

  private static Line.Cell union(Line.Cell one, Line.Cell other) {
    return new Line.Cell(
        "", Math.min(one.start(), other.start()), Math.max(one.end(), other.end()));
  }
}
