package dev.sluice.cli.terminal;

/** Statuses in a word for someone who watches. */
final class Stages {
  private Stages() {}

  static String of(String status) {
    return switch (status) {
      case "uploaded" -> "uploaded";
      case "parse_queued" -> "parsing";
      case "parsed" -> "validating";
      case "parse_validated", "chunking" -> "chunking";
      case "chunks_stored", "embedding_queued", "embedding_in_progress" -> "embedding";
      case "embeddings_stored" -> "finalizing";
      default -> status;
    };
  }
}
