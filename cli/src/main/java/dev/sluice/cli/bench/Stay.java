package dev.sluice.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long a job stood in a status, or a batch was open.
 *
 * @param place the status; of batches a name of its own
 * @param entered in seconds since some moment
 * @param left in the same seconds
 */
record Stay(String place, double entered, double left) {

  double length() {
    return left - entered;
  }

  /** The longest that any took; 0 of none. */
  static double longest(List<Stay> stays) {
    return stays.stream().mapToDouble(Stay::length).max().orElse(0);
  }

  /**
   * The longest that any stood beyond its turn, its own work included. Its turn has come when
   * somebody who entered later has left, or when nobody who entered earlier is there any more.
   * Waiting behind others is no delay, and what a fault holds up is passed by the others.
   */
  static double longestBeyondTurn(List<Stay> stays) {
    Map<String, List<Stay>> places = stays.stream().collect(Collectors.groupingBy(Stay::place));
    return places.values().stream()
        .flatMap(place -> place.stream().map(stay -> stay.beyondTurn(place)))
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(0);
  }

  private double beyondTurn(List<Stay> place) {
    double overtaken = Double.MAX_VALUE;
    double first = entered;
    for (Stay other : place) {
      if (other.entered > entered) {
        overtaken = Math.min(overtaken, other.left);
      } else if (other != this) {
        first = Math.max(first, other.left);
      }
    }
    return Math.max(0, left - Math.max(entered, Math.min(overtaken, first)));
  }
}
