/** LangChain4j's way from Markdown to searchable vectors, beside the pipeline's. */
@NullMarked
package dev.sluice.ingest;

import org.jspecify.annotations.NullMarked;
