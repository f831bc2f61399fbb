package dev.sluice.cli.bench;

import java.util.List;

/**
 * A PDF's way from its announcement to search.
 *
 * @param seconds in all
 * @param places where its job stood, in order
 * @param batchSeconds the median of a full batch: its call, and the storing of its 256 vectors; 0
 *     if no batch was full
 */
record PdfCourse(
    long bytes,
    int pages,
    long chunks,
    double seconds,
    List<PlaceTime> places,
    double batchSeconds) {

  /** How long the job stood in one of these, in all. */
  double in(String... names) {
    List<String> wanted = List.of(names);
    return places.stream()
        .filter(place -> wanted.contains(place.place()))
        .mapToDouble(PlaceTime::median)
        .sum();
  }
}
