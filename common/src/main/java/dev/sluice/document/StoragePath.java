package dev.sluice.document;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where an object of a document lies. Written in tables as {@code
 * storage://{user_id}/{area}/{document_id}.{extension}?generation=N}, and in the bucket under
 * {@code {area}/{user_id}/{document_id}/{N}.{extension}}, so that a prefix of the key tells its
 * area.
 *
 * @param extension without the leading dot; lower-case letters, digits and dots
 */
public record StoragePath(
    UUID userId, Area area, UUID documentId, int generation, String extension) {
  private static final String PARSER_RESULT = "parser.md";
  private static final String UUID_PATTERN = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  private static final Pattern URI =
      Pattern.compile(
          "storage://"
              + UUID_PATTERN
              + "/(raw|parsed)/"
              + UUID_PATTERN
              + "\\.([a-z0-9.]{1,20})\\?generation=([1-9][0-9]{0,8})");
  private static final Pattern KEY =
      Pattern.compile(
          "(raw|parsed)/"
              + UUID_PATTERN
              + "/"
              + UUID_PATTERN
              + "/([1-9][0-9]{0,8})\\.([a-z0-9.]{1,20})");

  /** What kind of object it is. */
  public enum Area {
    /** The bytes as they were uploaded. */
    RAW("raw"),
    /** Text: the parser's result, and the canonical text made of it. */
    PARSED("parsed");

    private final String folder;

    Area(String folder) {
      this.folder = folder;
    }

    private static Area ofFolder(String folder) {
      return folder.equals(RAW.folder) ? RAW : PARSED;
    }
  }

  /** The uploaded bytes of a job. */
  public static StoragePath raw(JobRef job, String extension) {
    return new StoragePath(job.userId(), Area.RAW, job.documentId(), job.generation(), extension);
  }

  /** The parser's own result, kept as it came. */
  public static StoragePath parserResult(JobRef job) {
    return new StoragePath(
        job.userId(), Area.PARSED, job.documentId(), job.generation(), PARSER_RESULT);
  }

  /** Whether it is a parser's own result, the one kind of object that may be written in parts. */
  public boolean isParserResult() {
    return area == Area.PARSED && extension.equals(PARSER_RESULT);
  }

  /** The canonical text: normalised, hashed, the one that is chunked. */
  public static StoragePath canonicalText(JobRef job) {
    return new StoragePath(job.userId(), Area.PARSED, job.documentId(), job.generation(), "md");
  }

  /**
   * Reads what {@link #uri()} wrote.
   *
   * @throws IllegalArgumentException if it is no such path
   */
  public static StoragePath ofUri(String uri) {
    var match = URI.matcher(uri);
    if (!match.matches()) {
      throw new IllegalArgumentException("not a storage path: " + uri);
    }
    return new StoragePath(
        UUID.fromString(match.group(1)),
        Area.ofFolder(match.group(2)),
        UUID.fromString(match.group(3)),
        Integer.parseInt(match.group(5)),
        match.group(4));
  }

  /**
   * Reads what {@link #key()} wrote.
   *
   * @throws IllegalArgumentException if it is no such key
   */
  public static StoragePath ofKey(String key) {
    var match = KEY.matcher(key);
    if (!match.matches()) {
      throw new IllegalArgumentException("not the key of a document: " + key);
    }
    return new StoragePath(
        UUID.fromString(match.group(2)),
        Area.ofFolder(match.group(1)),
        UUID.fromString(match.group(3)),
        Integer.parseInt(match.group(4)),
        match.group(5));
  }

  /** The path as tables hold it. */
  public String uri() {
    return "storage://%s/%s/%s.%s?generation=%d"
        .formatted(userId, area.folder, documentId, extension, generation);
  }

  /** The object's key in the bucket. */
  public String key() {
    return "%s/%s/%s/%d.%s".formatted(area.folder, userId, documentId, generation, extension);
  }

  /** The job whose generation wrote the object. */
  public JobRef job() {
    return JobRef.of(userId, documentId, generation);
  }
}
