package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.document.Hashes;
import io.micronaut.json.tree.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** A parser's text, in its callback or at an address that the callback names. */
sealed interface Artifact {
  /** In bytes. */
  long LARGEST = 100L * 1024 * 1024;

  Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** The text itself; its size and hash have been checked. */
  record Inline(byte[] bytes) implements Artifact {}

  /**
   * Where the text can be fetched.
   *
   * @param sha256 of its bytes, in lower-case hex
   */
  record Linked(URI url, String sha256, long bytes) implements Artifact {}

  /**
   * Reads {@code {type: "markdown", content | url, sha256, bytes}}.
   *
   * @throws CallbackRefused if it is none, or its content is not what it says
   */
  static Artifact of(JsonNode node) {
    var artifact = new StrictObject(node, Set.of("type", "content", "url", "sha256", "bytes"));
    if (!artifact.text("type").equals("markdown")) {
      throw new CallbackRefused("artifact_type_unknown");
    }
    var sha256 = artifact.text("sha256", SHA256);
    long bytes = artifact.integer("bytes", 1, LARGEST);
    if (artifact.has("content") == artifact.has("url")) {
      throw new CallbackRefused("body_malformed");
    }
    return artifact.has("url")
        ? new Linked(address(artifact.text("url")), sha256, bytes)
        : inline(artifact.text("content"), sha256, bytes);
  }

  private static Artifact inline(String content, String sha256, long bytes) {
    var text = content.getBytes(StandardCharsets.UTF_8);
    if (text.length != bytes || !Hashes.ofBytes(text).equals(sha256)) {
      throw new CallbackRefused("artifact_differs");
    }
    return new Inline(text);
  }

  private static URI address(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new CallbackRefused("artifact_address_forbidden");
    }
  }
}
