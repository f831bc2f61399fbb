package dev.sluice.localstack.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of LlamaParse passes: uploads, counted, and what asks for jobs or ends them. A submission by
 * address does not: the real one cannot read from this machine.
 */
final class LlamaParseDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(LlamaParseDoor.class);
  private static final String JOBS = "/api/v2/parse";
  private static final Pattern JOB = Pattern.compile(Pattern.quote(JOBS) + "/([\\w-]+)");
  private static final Pattern CANCEL = Pattern.compile(JOB.pattern() + "/cancel");

  /** What says the price of a job is far shorter; a longer answer has its text. */
  private static final int MOST_READ_BYTES = 1 << 20;

  private final Upstream upstream;
  private final Meter meter;
  private final Path scratch;

  /**
   * @param scratch folder for an upload whose pages are to be counted
   */
  LlamaParseDoor(Upstream upstream, Meter meter, Path scratch) {
    this.upstream = upstream;
    this.meter = meter;
    this.scratch = scratch;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Matcher job = JOB.matcher(path);
    boolean asks = exchange.getRequestMethod().equals("GET");
    boolean posts = exchange.getRequestMethod().equals("POST");
    if (posts && path.equals(JOBS + "/upload")) {
      upload(exchange);
    } else if (asks && job.matches()) {
      ask(exchange, job.group(1));
    } else if ((asks && path.equals(JOBS)) || (posts && CANCEL.matcher(path).matches())) {
      upstream.pass(exchange);
    } else {
      refuse(exchange, 404, "Only uploads and their jobs pass to the real LlamaParse.");
    }
  }

  private void ask(HttpExchange exchange, String job) throws IOException {
    HttpResponse<InputStream> answer = upstream.send(exchange, BodyPublishers.noBody());
    byte[] begun = answer.body().readNBytes(MOST_READ_BYTES);
    OptionalLong bill = answer.statusCode() == 200 ? ParsePrice.bill(begun) : OptionalLong.empty();
    if (bill.isPresent()) {
      meter.bill(job, bill.getAsLong());
    }
    Upstream.relay(exchange, answer, begun);
  }

  private void upload(HttpExchange exchange) throws IOException {
    if (!meter.take(Spending.ONE_PARSE)) {
      refuseForCap(exchange, Spending.ONE_PARSE);
      return;
    }
    Path copy = Files.createTempFile(scratch, ".upload-", null);
    try (OutputStream out = Files.newOutputStream(copy)) {
      forward(exchange, copy, out);
    } finally {
      Files.delete(copy);
    }
  }

  /** The parse is counted before its first byte passes, its dollars before its last. */
  private void forward(HttpExchange exchange, Path copy, OutputStream out) throws IOException {
    Price price = new Price(exchange, copy);
    HeldBackUpload upload = new HeldBackUpload(exchange.getRequestBody(), out, price::take);
    HttpResponse<InputStream> answer;
    try {
      answer = upstream.send(exchange, BodyPublishers.ofInputStream(() -> upload));
    } catch (IOException e) {
      notSent(exchange, price, e);
      return;
    }
    byte[] begun = answer.body().readNBytes(MOST_READ_BYTES);
    upload.discardRest();
    settle(answer.statusCode(), begun, price);
    Upstream.relay(exchange, answer, begun);
  }

  private void notSent(HttpExchange exchange, Price price, IOException failure) throws IOException {
    if (!price.passed || Upstream.neverConnected(failure)) {
      meter.correct(price.counted(), Spending.NOTHING);
    }
    if (!price.refused) {
      throw failure;
    }
    refuseForCap(exchange, Spending.ONE_PARSE.plus(Spending.ofNanoUsd(price.wanted)));
  }

  private void settle(int status, byte[] answer, Price price) throws IOException {
    String job = status < 300 ? ParsePrice.jobId(answer) : null;
    if (status >= 400 && status < 500) {
      meter.correct(price.counted(), Spending.NOTHING);
    } else if (job != null) {
      meter.awaitBill(job, price.wanted);
    }
    LOG.info("The real LlamaParse answered an upload with {}; job {}", status, job);
  }

  private void refuseForCap(HttpExchange exchange, Spending price) throws IOException {
    Refusals.log(LOG, "LlamaParse", price, meter.record());
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    refuse(exchange, 402, Refusals.SENTENCE);
  }

  private static void refuse(HttpExchange exchange, int status, String detail) throws IOException {
    Refusals.answer(exchange, status, "{\"detail\": \"" + detail + "\"}");
  }

  /** What one upload is counted with, as far as that is known. */
  private final class Price {
    private final String contentType;
    private final Path copy;
    private volatile boolean passed;
    private volatile boolean refused;

    /** Asked for, and not counted unless it passed. */
    private volatile long wanted;

    Price(HttpExchange exchange, Path copy) {
      this.contentType = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      this.copy = copy;
    }

    void take() throws IOException {
      wanted = ParsePrice.ofForm(copy, contentType);
      passed = meter.take(Spending.ofNanoUsd(wanted));
      refused = !passed;
      if (refused) {
        throw new IOException("the upload would pass the cap");
      }
    }

    Spending counted() {
      return Spending.ONE_PARSE.plus(Spending.ofNanoUsd(passed ? wanted : 0));
    }
  }
}
