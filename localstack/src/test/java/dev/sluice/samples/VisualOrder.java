package dev.sluice.samples;

import java.text.Bidi;
import java.util.ArrayList;
import java.util.List;

/** Puts a right-to-left line into the order in which its glyphs stand on paper. */
final class VisualOrder {
  private VisualOrder() {}

  static String of(String line) {
    Bidi bidi = new Bidi(line, Bidi.DIRECTION_RIGHT_TO_LEFT);
    byte[] levels = new byte[bidi.getRunCount()];
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) bidi.getRunLevel(i);
      String run = line.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
      runs.add(levels[i] % 2 == 0 ? run : mirrored(new StringBuilder(run).reverse().toString()));
    }
    Object[] ordered = runs.toArray();
    Bidi.reorderVisually(levels, 0, ordered, 0, ordered.length);
    StringBuilder visual = new StringBuilder();
    for (Object run : ordered) {
      visual.append(run);
    }
    return visual.toString();
  }

  private static String mirrored(String run) {
    return run.replace('(', '\0').replace(')', '(').replace('\0', ')');
  }
}
