package dev.sluice.chunk;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of text that goes into one chunk as a whole. The atoms of a section tile it.
 *
 * @param tokens of the content alone, at most the plan's target
 * @param silent only white space: it costs nothing at a chunk's edge, where it is stripped
 */
record Atom(
    int start, int end, int tokens, boolean silent, Block.Kind kind, @Nullable Integer page) {}
