package dev.sluice.simulator.pdf;

/**
 * A drawn character, or several drawn as one. Lengths are in points, y grows downwards.
 *
 * @param x left edge
 * @param y baseline
 * @param size font size as drawn
 * @param space width of a space in its font
 */
record Glyph(String text, float x, float y, float width, float size, float space, boolean bold) {
  private static final float ABOVE_BASELINE = 0.72f;
  private static final float BELOW_BASELINE = 0.2f;

  float end() {
    return x + width;
  }

  float top() {
    return y - ABOVE_BASELINE * size;
  }

  float bottom() {
    return y + BELOW_BASELINE * size;
  }

  boolean isBlank() {
    return text.isBlank();
  }
}
