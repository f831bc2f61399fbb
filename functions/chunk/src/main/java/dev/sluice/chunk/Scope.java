package dev.sluice.chunk;

import org.jspecify.annotations.Nullable;

/**
 * The headings of one chunk.
 *
 * @param section that its first words stand under
 * @param path the deepest that holds the whole chunk
 * @param prefix the deepest in force at its start that its own text does not show
 */
record Scope(@Nullable Heading section, @Nullable Heading path, @Nullable Heading prefix) {

  /** Of a chunk that continues a section. */
  static Scope within(@Nullable Heading section) {
    return new Scope(section, section, section);
  }
}
