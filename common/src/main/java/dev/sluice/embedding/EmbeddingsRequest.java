package dev.sluice.embedding;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;

/**
 * Asks for one vector a text.
 *
 * @param encodingFormat {@code base64}: a quarter of the bytes of decimal numbers, and exact
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record EmbeddingsRequest(String model, List<String> input, String encodingFormat, int dimensions) {}
