package dev.sluice.localstack.real;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.jspecify.annotations.Nullable;

/** What an upload to LlamaParse may cost, and what its answers say that it did. */
final class ParsePrice {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;.*boundary=\"?([^\";]+)\"?.*", Pattern.CASE_INSENSITIVE);

  /** Of a kind whose pages we cannot count: far less than a page of text has. */
  private static final long BYTES_OF_A_PAGE = 500;

  /** Statuses after which no more is charged. */
  private static final Set<String> OVER = Set.of("COMPLETED", "FAILED", "CANCELLED");

  private @Nullable String tier;
  private long pages;

  private ParsePrice() {}

  /**
   * The price of a whole form in billionths of a dollar: a PDF by its pages, anything else by its
   * size, at the tier that the form names.
   *
   * @param contentType of the form
   * @throws IOException if it is no form
   */
  static long ofForm(Path form, @Nullable String contentType) throws IOException {
    Matcher type = BOUNDARY.matcher(contentType == null ? "" : contentType);
    if (!type.matches()) {
      throw new IOException("an upload is no multipart form");
    }
    try (InputStream bytes = Files.newInputStream(form)) {
      ParsePrice price = new ParsePrice();
      price.read(
          MultipartInput.builder()
              .setInputStream(bytes)
              .setBoundary(type.group(1).getBytes(StandardCharsets.UTF_8))
              .get(),
          form);
      return Prices.ofPages(price.tier, Math.max(1, price.pages));
    }
  }

  private void read(MultipartInput input, Path beside) throws IOException {
    boolean more = input.skipPreamble();
    while (more) {
      if (input.readHeaders().contains("name=\"configuration\"")) {
        var content = new ByteArrayOutputStream();
        input.readBodyData(content);
        tier = JSON.readTree(content.toByteArray()).path("tier").textValue();
      } else {
        try (InputStream content = input.newInputStream()) {
          pages += pages(content, beside);
        }
      }
      more = input.readBoundary();
    }
  }

  private static long pages(InputStream content, Path beside) throws IOException {
    Path file = Files.createTempFile(beside.toAbsolutePath().getParent(), ".part-", null);
    try {
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      return pages(file);
    } finally {
      Files.delete(file);
    }
  }

  private static long pages(Path file) throws IOException {
    try (PDDocument document =
        Loader.loadPDF(
            new RandomAccessReadBufferedFile(file.toFile()),
            IOUtils.createTempFileOnlyStreamCache())) {
      return document.getNumberOfPages();
    } catch (IOException noPdf) {
      return Math.ceilDiv(Files.size(file), BYTES_OF_A_PAGE);
    }
  }

  /** The id of the job in the answer to a submission. */
  static @Nullable String jobId(byte[] answer) throws IOException {
    return job(answer).path("id").textValue();
  }

  /** What an answer about a job that is over says that it cost, in billionths of a dollar. */
  static OptionalLong bill(byte[] answer) throws IOException {
    if (!OVER.contains(job(answer).path("status").asText())) {
      return OptionalLong.empty();
    }
    JsonNode usage = job(answer).path("usage").path("credits");
    JsonNode credits =
        usage.isNumber() ? usage : tree(answer).path("job_metadata").path("job_credits_usage");
    return credits.isNumber() && credits.doubleValue() >= 0
        ? OptionalLong.of((long) Math.ceil(credits.doubleValue() * Prices.OF_A_CREDIT))
        : OptionalLong.empty();
  }

  private static JsonNode job(byte[] answer) throws IOException {
    JsonNode root = tree(answer);
    return root.has("job") ? root.path("job") : root;
  }

  private static JsonNode tree(byte[] answer) throws IOException {
    try {
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
