package tiny;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function that does what its event says; the local Lambda's tests compile, zip and run it. */
public final class TinyHandler implements RequestStreamHandler {
  private static final Pattern RECORD =
      Pattern.compile("\"messageId\":\"([^\"]+)\".*?\"body\":\"([^\"]*)\"", Pattern.DOTALL);

  private int count;

  static {
    if (System.getenv("FAIL_INIT") != null) {
      throw new IllegalStateException("no database");
    }
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    count++;
    String answer = event.contains("\"Records\"") ? batch(event) : single(event, context);
    out.write(answer.getBytes(StandardCharsets.UTF_8));
  }

  private String single(String event, Context context) {
    String[] words = event.replaceAll(".*\"do\":\"([^\"]*)\".*", "$1").split(" ");
    switch (words[0]) {
      case "sleep" -> LockSupport.parkNanos(Long.parseLong(words[1]) * 1_000_000);
      case "exit" -> System.exit(Integer.parseInt(words[1]));
      case "throw" -> throw new IllegalArgumentException("asked to throw");
      case "linger" -> new Thread(LockSupport::park, "keeps the process alive").start();
      case "memory" -> fillMemory();
      case "meet" -> meet(new File(words[1]), Integer.parseInt(words[2]));
      case "large" -> {
        return "\"" + "x".repeat(Integer.parseInt(words[1])) + "\"";
      }
      case "environment" -> {
        return "\"" + String.join(",", System.getenv().keySet()) + "\"";
      }
      case "places" -> {
        return "\"%s:%s:%s\""
            .formatted(
                System.getProperty("java.class.path"),
                System.getProperty("user.dir"),
                System.getenv("LAMBDA_RUNTIME_DIR"));
      }
      case "home" -> {
        return "\"" + System.getProperty("user.home") + "\"";
      }
      default -> {
        System.out.println("echoing for " + context.getAwsRequestId());
        return event;
      }
    }
    return "{\"pid\":" + ProcessHandle.current().pid() + ",\"count\":" + count + "}";
  }

  /** Returns when as many processes are here at the same time. */
  private static void meet(File folder, int processes) {
    new File(folder, String.valueOf(ProcessHandle.current().pid())).mkdir();
    String[] names = folder.list();
    while (names != null && names.length < processes) {
      LockSupport.parkNanos(5_000_000);
      names = folder.list();
    }
  }

  private static void fillMemory() {
    List<byte[]> kept = new ArrayList<>();
    while (true) {
      kept.add(new byte[8 * 1024 * 1024]);
    }
  }

  private static String batch(String event) {
    List<String> failures = new ArrayList<>();
    Matcher records = RECORD.matcher(event);
    while (records.find()) {
      switch (records.group(2)) {
        case "fail" -> failures.add("{\"itemIdentifier\":\"" + records.group(1) + "\"}");
        case "throw" -> throw new IllegalStateException("asked to throw");
        case "malformed" -> failures.add("{\"itemIdentifier\":\"\"}");
        case "sleep" -> LockSupport.parkNanos(60_000_000_000L);
        default -> System.out.println("handled " + records.group(2) + " of " + event);
      }
    }
    return "{\"batchItemFailures\":[" + String.join(",", failures) + "]}";
  }
}
