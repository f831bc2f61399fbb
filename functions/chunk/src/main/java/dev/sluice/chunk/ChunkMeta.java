package dev.sluice.chunk;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code meta} column says of a chunk: where in the document it stands. The names are read
 * by search.
 *
 * @param start of the chunk's own span in the canonical text, in UTF-16 chars
 * @param end exclusive
 * @param overlap how many chars before {@code start} the text repeats
 */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
record ChunkMeta(
    @Nullable Integer page,
    @Nullable Integer lastPage,
    @Nullable String section,
    List<String> headingPath,
    int start,
    int end,
    int overlap) {

  static ChunkMeta of(Chunk chunk) {
    return new ChunkMeta(
        chunk.page(),
        chunk.lastPage(),
        chunk.section(),
        chunk.headingPath(),
        chunk.startOffset(),
        chunk.endOffset(),
        chunk.overlapChars());
  }
}
