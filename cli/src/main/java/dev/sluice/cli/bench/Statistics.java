package dev.sluice.cli.bench;

import java.util.List;

/** Of unsorted figures. */
final class Statistics {
  private Statistics() {}

  /**
   * The smallest figure that so large a share of all does not exceed; 0 of none.
   *
   * @param share between 0 and 1
   */
  static double percentile(List<Double> figures, double share) {
    if (figures.isEmpty()) {
      return 0;
    }
    List<Double> sorted = figures.stream().sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }

  static double largest(List<Double> figures) {
    return figures.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** The middle one, or the mean of the two in the middle. */
  static double median(List<Double> figures) {
    if (figures.isEmpty()) {
      return 0;
    }
    List<Double> sorted = figures.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Largest minus smallest, as a share of the median. */
  static double spread(List<Double> figures) {
    double median = median(figures);
    double smallest = figures.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    return median == 0 ? 0 : (largest(figures) - smallest) / median;
  }
}
