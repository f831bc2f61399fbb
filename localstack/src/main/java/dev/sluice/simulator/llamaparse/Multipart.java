package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Request;
import dev.sluice.simulator.llamaparse.Problem.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.jspecify.annotations.Nullable;

/**
 * A multipart form with one file in it, which is streamed to disk.
 *
 * @param fileId the stored file
 * @param filename the name that the client gave
 * @param configuration the other field, null if it was not sent
 */
record Multipart(String fileId, String filename, byte @Nullable [] configuration) {
  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;.*boundary=\"?([^\";]+)\"?.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern FIELD = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILENAME = Pattern.compile("filename=\"((?:[^\"\\\\]|\\\\.)*)\"");

  static Multipart read(Request request, SourceStore sources) throws Problem, IOException {
    Matcher type = BOUNDARY.matcher(request.header("Content-Type").orElse(""));
    if (!type.matches()) {
      throw missing("file");
    }
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(request.body())
            .setBoundary(type.group(1).getBytes(StandardCharsets.UTF_8))
            .get();
    String fileId = null;
    String filename = "";
    byte[] configuration = null;
    boolean more = input.skipPreamble();
    while (more) {
      String headers = input.readHeaders();
      Matcher name = FILENAME.matcher(headers);
      if (name.find()) {
        filename = name.group(1).replace("\\\"", "\"");
        try (InputStream content = input.newInputStream()) {
          fileId = sources.put(content);
        }
      } else if ("configuration".equals(field(headers))) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        input.readBodyData(content);
        configuration = content.toByteArray();
      } else {
        input.discardBodyData();
      }
      more = input.readBoundary();
    }
    if (fileId == null) {
      throw missing("file");
    }
    sources.rename(fileId, filename);
    return new Multipart(fileId, filename, configuration);
  }

  private static String field(String headers) {
    Matcher name = FIELD.matcher(headers);
    return name.find() ? name.group(1) : "";
  }

  static Problem missing(String field) {
    return Problem.invalid(List.of(Violation.of("Field required", "missing", "body", field)));
  }
}
