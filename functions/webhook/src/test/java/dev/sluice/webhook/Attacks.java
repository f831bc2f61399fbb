package dev.sluice.webhook;

import static dev.sluice.webhook.Genuine.HEADER;
import static dev.sluice.webhook.Genuine.SIGNATURE;
import static dev.sluice.webhook.Genuine.bytes;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.MasterKeySource;
import dev.sluice.callback.MasterKeys;
import dev.sluice.document.JobRef;
import dev.sluice.webhook.WebhookFunction.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** Everything that is tried on the webhook, in the order of the table. */
final class Attacks {
  private static final String ANOTHER_KEY = "f".repeat(64);

  private final List<Attack> attacks = new ArrayList<>();
  private final Map<String, JobRef> jobs;
  private String kind = "";

  private Attacks(Map<String, JobRef> jobs) {
    this.jobs = jobs;
  }

  /** All attacks; the jobs are those that some of them name. */
  static List<Attack> with(Map<String, JobRef> jobs) {
    var all = new Attacks(jobs);
    all.byStrangers();
    all.withAHeaderAndNoSecret();
    all.onOtherJobs();
    all.onTheBody();
    all.byTheParserItself();
    all.byTheBytes();
    all.onOurOwnContract();
    all.onItsBody();
    all.inward();
    return List.copyOf(all.attacks);
  }

  private void byStrangers() {
    kind = "A stranger, without a header of ours";
    add("no callback header", job -> job.without(HEADER), "header_malformed");
    add("nonsense as header", job -> job.with(HEADER, "let me in"), "header_malformed");
    add("a header of 100,000 characters", job -> job.with(HEADER, huge()), "header_malformed");
    add("a header forged under another key", job -> job.with(HEADER, forged("k1", job)), MAC);
    add(
        "a header under a key that is not ours",
        job -> job.with(HEADER, forged("k9", job)),
        "key_unknown");
    add(
        "the job in a header replaced",
        job -> job.with(HEADER, part(job, 1, "AAAAAAAAAAAAAAAAAAAAAA")),
        MAC);
    add("the scheme in a header replaced", job -> job.with(HEADER, part(job, 2, "sw")), MAC);
    add(
        "the expiry in a header pushed on",
        job -> job.with(HEADER, part(job, 3, "4102444800")),
        MAC);
    add(
        "the salt in a header replaced",
        job -> job.with(HEADER, part(job, 4, "AAAAAAAAAAAAAAAAAAAAAA")),
        MAC);
    add("the MAC of a header in lower case", job -> job.with(HEADER, lowerCaseMac(job)), MAC);
    add(
        "the MAC in another spelling of the same bytes",
        job -> job.with(HEADER, respelledMac(job)),
        MAC);
    add(
        "a header cut off",
        job -> job.with(HEADER, job.header().substring(0, 60)),
        "header_malformed");
    add("the header under an underscored name", Attacks::underscored, "header_malformed");
    add("the header in the query and in a cookie only", Attacks::inCookie, "header_malformed");
    add("an expired header", job -> job.with(HEADER, job.expiredHeader()), "header_expired");
  }

  private void withAHeaderAndNoSecret() {
    kind = "A thief of the header, who cannot sign";
    add("no signature", job -> job.without(SIGNATURE), "signature_missing");
    add("an empty signature", job -> job.with(SIGNATURE, "sha256="), WRONG);
    add("half a signature", Attacks::halfSignature, WRONG);
    add("a signature of other bytes", job -> job.tampered(job.body() + " ", false), WRONG);
    add(
        "one byte of the body changed",
        job -> job.tampered(job.body().replace('7', '8'), false),
        WRONG);
    add(
        "another algorithm named",
        job -> job.with(SIGNATURE, "sha1=" + Signed.hmac(job.secret(), bytes(job.body()))),
        WRONG);
    add("a Standard Webhooks signature instead", Attacks::otherScheme, "signature_missing");
    add("signed with the header itself", job -> job.signedWith(job.header()), WRONG);
    add(
        "signed with the row's salt (a leaked database)",
        job -> job.signedWith(WebhookFunction.SALT),
        WRONG);
    add(
        "signed with the master key (without the row)",
        job -> job.signedWith(WebhookFunction.MASTER_KEY),
        WRONG);
    add("signed with an empty line", job -> job.signedWith("\n"), WRONG);
  }

  private void onOtherJobs() {
    kind = "Another job's papers";
    add(
        "another job's header",
        job -> job.with(HEADER, job.header(jobs.get("other").jobId())),
        WRONG);
    add(
        "another job's secret",
        job -> job.signedWith(job.secret(jobs.get("other").jobId())),
        WRONG);
    add("a job that does not exist", job -> job.ofJob(new UUID(7, 7)), "job_unknown");
    add(
        "a job that was not submitted yet",
        job -> job.ofJob(jobs.get("new").jobId()),
        "job_expects_no_callback");
    add(
        "a job that needed no parser",
        job -> job.ofJob(jobs.get("text").jobId()),
        "job_expects_no_callback");
    add(
        "a job submitted under another key",
        job -> job.ofJob(jobs.get("key").jobId()),
        "key_differs");
  }

  private void onTheBody() {
    kind = "A replay, or the wrong time";
    add("signed six minutes ago", job -> job.signed(job.body(Duration.ofMinutes(-6))), TIME);
    add("signed six minutes ahead", job -> job.signed(job.body(Duration.ofMinutes(6))), TIME);
    add("a time in milliseconds", job -> job.signed(job.body().replace(".5", "000")), TIME);
    add(
        "no time",
        job -> job.signed(job.body().replace("timestamp", "time")),
        "timestamp_malformed");
    add(
        "a time that is infinite",
        job -> job.signed(job.body().replace(".5", "e999")),
        "timestamp_malformed");
    add(
        "the event's id differs in its header",
        job -> job.with("x-webhook-event-id", "e-2"),
        "event_id_differs");
    add("no event id in the header", job -> job.without("x-webhook-event-id"), "event_id_differs");
  }

  private void byTheParserItself() {
    kind = "Rightly signed, and still wrong";
    add("no JSON", job -> job.signed("parse.success"), MALFORMED);
    add("nothing at all", job -> job.signed(""), MALFORMED);
    add("a list", job -> job.signed("[" + job.body() + "]"), MALFORMED);
    add("JSON in a string in a string", job -> job.signed(quoted(quoted(job.body()))), MALFORMED);
    add("a second value behind the first", job -> job.signed(job.body() + job.body()), MALFORMED);
    add(
        "a name twice",
        job ->
            job.signed(job.body().replace("{\"event_id\"", "{\"event_id\":\"e-2\",\"event_id\"")),
        MALFORMED);
    add(
        "a number where text belongs",
        job -> job.signed(job.body().replace("\"e-1\"", "1")),
        MALFORMED);
    add("30,000 lists in each other", job -> job.signed("[".repeat(30_000)), BOUNDS);
    add("10,000 values", job -> job.signed("[" + "0,".repeat(10_000) + "0]"), BOUNDS);
    add("a number of 50,000 digits", job -> job.signed("9".repeat(50_000)), BOUNDS);
    add(
        "an event that is none of the parser's",
        job -> job.signed(job.body().replace("parse.", "extract.")),
        "event_type_unknown");
    add(
        "a null character in the event's id",
        job -> job.signed(job.body().replace("e-1", "e-1\\u0000")),
        "event_id_malformed");
    add(
        "half a surrogate pair in the event's id",
        job -> job.signed(job.body().replace("e-1", "\\ud800")),
        "event_id_malformed");
    add(
        "an event's id of 201 characters",
        job -> job.signed(job.body().replace("e-1", "e".repeat(201))),
        "event_id_malformed");
    add(
        "a path in the parser's job id",
        job -> job.signed(job.body().replace("pjb-7", "../../files")),
        "parse_job_id_malformed");
    add(
        "no job id of the parser's",
        job -> job.signed(job.body().replace("pjb-7", "")),
        "parse_job_id_malformed");
  }

  private void byTheBytes() {
    kind = "Bytes, headers and types";
    add(
        "a body of 64 KB and one byte",
        job -> job.signed(" ".repeat(64 * 1024 + 1)),
        "body_too_large");
    add("a body of 5 MB", job -> job.signed("[" + " ".repeat(5_000_000) + "]"), "body_too_large");
    add("compressed, and said to be", Attacks::compressed, "body_encoded");
    add("compressed, and not said to be", job -> job.signed(gzip(job.body())), "body_not_utf8");
    add(
        "a byte that is no UTF-8",
        job -> job.signed(new byte[] {'"', (byte) 0xff, '"'}),
        "body_not_utf8");
    add("UTF-16", job -> job.signed(job.body().getBytes(StandardCharsets.UTF_16)), "body_not_utf8");
    add(
        "an overlong form of a quotation mark",
        job -> job.signed(new byte[] {(byte) 0xc0, (byte) 0xa2}),
        "body_not_utf8");
    add("said to be Base64, and plain", job -> job.tampered(job.body(), true), "body_not_base64");
    add("Base64, and not said to be", job -> job.tampered(base64(job.body()), false), WRONG);
    add("no content type", job -> job.without("content-type"), TYPE);
    add("text/plain", job -> job.with("content-type", "text/plain"), TYPE);
    add("a form", job -> job.with("content-type", "application/x-www-form-urlencoded"), TYPE);
    add("multipart", job -> job.with("content-type", "multipart/form-data; boundary=x"), TYPE);
    add(
        "JSON in another character set",
        job -> job.with("content-type", "application/json; charset=utf-7"),
        TYPE);
    add("two content types", job -> job.with("content-type", "application/json,text/plain"), TWICE);
    add(
        "the callback header twice",
        job -> job.with(HEADER, job.header() + "," + job.header()),
        TWICE);
    add(
        "the callback header twice, in upper case too",
        job -> job.with("X-SLUICE-CALLBACK", "k1"),
        TWICE);
    add("the signature twice, the second one right", Attacks::twoSignatures, TWICE);
    add(
        "the signature twice, in other letters",
        job -> job.with("LC-Signature", "sha256=00"),
        TWICE);
    add(
        "a header of the other scheme",
        job ->
            job.with(
                HEADER,
                job.keys.header(
                    job.job.jobId(), CallbackScheme.STANDARD_WEBHOOKS, job.now.plusSeconds(60))),
        "scheme_differs");
    add("the event's id twice", job -> job.with("x-webhook-event-id", "e-1,e-1"), TWICE);
  }

  private void onOurOwnContract() {
    kind = "Our own contract: signature, id and time";
    own("no signature", job -> without(job, "webhook-signature"), "signature_missing");
    own("LlamaParse's signature instead", Attacks::llamaSignature, "signature_missing");
    own(
        "another version of signature only",
        job -> job.with("webhook-signature", "v1a," + SIGNED),
        WRONG);
    own(
        "a signature without its version",
        job -> job.with("webhook-signature", job.headers().get("webhook-signature").substring(3)),
        WRONG);
    own(
        "signed with another secret",
        job -> job.signed(job.body(), job.id("n-1"), job.now, "whsec_" + SIGNED),
        WRONG);
    own(
        "nine signatures, the last one right",
        job ->
            job.with(
                "webhook-signature",
                ("v1," + SIGNED + " ").repeat(8) + job.headers().get("webhook-signature")),
        WRONG);
    own("the signature twice", job -> job.with("Webhook-Signature", "v1," + SIGNED), WRONG);
    own("another id than was signed", job -> job.with("webhook-id", job.id("n-2")), WRONG);
    own("another time than was signed", job -> job.with("webhook-timestamp", "1795496400"), WRONG);
    own("the id twice", job -> job.with("Webhook-Id", job.id("n-1")), TWICE);
    own("signed six minutes ago", job -> job.at(Duration.ofMinutes(-6)), TIME);
    own("signed six minutes ahead", job -> job.at(Duration.ofMinutes(6)), TIME);
    own(
        "an id of another job",
        job -> job.signed(job.body(), new UUID(7, 7) + ".k1.n-1", job.now, job.secret()),
        "event_id_differs");
    own(
        "an id under another key",
        job -> job.signed(job.body(), job.job.jobId() + ".k2.n-1", job.now, job.secret()),
        "event_id_differs");
    own(
        "an id with a path in it",
        job -> job.signed(job.body(), job.id("../n"), job.now, job.secret()),
        "event_id_malformed");
    own(
        "a header of LlamaParse's scheme",
        job -> job.with(HEADER, job.header(CallbackScheme.LLAMAPARSE)),
        "scheme_differs");
  }

  private void onItsBody() {
    kind = "Our own contract: rightly signed, and still wrong";
    own(
        "a field that is not in the contract",
        job -> job.signed(job.body().replace("\"meta\"", "\"more\":1,\"meta\"")),
        MALFORMED);
    own(
        "no field about the parser",
        job -> job.signed(job.body().replaceFirst(",\"meta\".*\\}\\}", "}")),
        MALFORMED);
    own(
        "another job in the body",
        job ->
            job.signed(job.body().replace(job.job.jobId().toString(), new UUID(7, 7).toString())),
        "job_differs");
    own(
        "a status that is none",
        job -> job.signed(job.body("done", job.inline())),
        "status_unknown");
    own("complete, without a text", job -> job.signed(job.body("complete", "")), "status_unknown");
    own(
        "two texts",
        job -> job.signed(job.body("complete", job.inline() + "," + job.inline())),
        "status_unknown");
    own(
        "a type that is not Markdown",
        job -> job.signed(job.body().replace("markdown", "html")),
        "artifact_type_unknown");
    own(
        "a text with another hash",
        job -> job.signed(job.body().replace("zwei", "drei")),
        "artifact_differs");
    own(
        "a text of another size",
        job -> job.signed(job.body().replaceFirst("\"bytes\":\\d+", "\"bytes\":7")),
        "artifact_differs");
    own(
        "a size that is negative",
        job -> job.signed(job.body().replaceFirst("\"bytes\":\\d+", "\"bytes\":-1")),
        MALFORMED);
    own(
        "a size over 100 MB",
        job -> job.signed(job.body().replaceFirst("\"bytes\":\\d+", "\"bytes\":104857601")),
        MALFORMED);
    own(
        "a size with a fraction",
        job -> job.signed(job.body().replaceFirst("\"bytes\":(\\d+)", "\"bytes\":$1.5")),
        MALFORMED);
    own(
        "a text and an address",
        job ->
            job.signed(
                job.body().replace("\"sha256\"", "\"url\":\"https://example.com\",\"sha256\"")),
        MALFORMED);
    own(
        "a body of 2.5 MB and one byte",
        job -> job.signed(" ".repeat(2_500_001)),
        "body_too_large");
  }

  private void inward() {
    kind = "Our own contract: an address aimed inward";
    for (var url :
        List.of(
            "http://example.com/a.md",
            "file:///etc/passwd",
            "https://user@example.com/a.md",
            "https:/a.md",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://localhost/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/",
            "https://[ff02::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/")) {
      own(
          "`" + url + "`",
          job -> job.signed(job.body("complete", job.linked(url))),
          "artifact_address_forbidden");
    }
  }

  private static final String SIGNED = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String MAC = "header_mac_wrong";
  private static final String WRONG = "signature_wrong";
  private static final String TIME = "timestamp_outside_window";
  private static final String MALFORMED = "body_malformed";
  private static final String BOUNDS = "body_out_of_bounds";
  private static final String TYPE = "content_type_wrong";
  private static final String TWICE = "header_repeated";

  private void add(String name, Function<Genuine, Call> call, String reason) {
    attacks.add(new Attack(kind, name, call, reason));
  }

  private void own(String name, Function<Contract, Call> call, String reason) {
    add(name, job -> call.apply(new Contract(jobs.get("external"), job.keys, job.now)), reason);
  }

  private static Call without(Contract job, String header) {
    var call = job.call();
    call.headers().remove(header);
    return call;
  }

  private static Call llamaSignature(Contract job) {
    var call = without(job, "webhook-signature");
    call.headers().put(SIGNATURE, "sha256=" + Signed.hmac(job.secret(), bytes(job.body())));
    return call;
  }

  private static String forged(String keyId, Genuine job) {
    var keys = MasterKeySource.of(MasterKeys.of(Map.of("current", keyId, keyId, ANOTHER_KEY)));
    return new CallbackKeys(keys)
        .header(job.job.jobId(), CallbackScheme.LLAMAPARSE, Instant.ofEpochSecond(4_102_444_800L));
  }

  private static String part(Genuine job, int at, String other) {
    var parts = job.header().split("\\.");
    parts[at] = other;
    return String.join(".", parts);
  }

  private static String lowerCaseMac(Genuine job) {
    return part(job, 5, job.header().split("\\.")[5].toLowerCase(Locale.ROOT));
  }

  /** 32 bytes leave two bits of the last character without meaning. */
  private static String respelledMac(Genuine job) {
    var header = job.header();
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(header.charAt(header.length() - 1));
    return header.substring(0, header.length() - 1) + alphabet.charAt(last ^ 1);
  }

  private static String huge() {
    return "k1." + "A".repeat(100_000) + ".lp.4102444800.s.m";
  }

  private static Call underscored(Genuine job) {
    var call = job.without(HEADER);
    call.headers().put("x_sluice_callback", job.header());
    return call;
  }

  private static Call inCookie(Genuine job) {
    var call = job.without(HEADER);
    call.headers().put("cookie", "x-sluice-callback=" + job.header());
    return call;
  }

  private static Call halfSignature(Genuine job) {
    return job.with(SIGNATURE, job.call().headers().get(SIGNATURE).substring(0, 39));
  }

  private static Call twoSignatures(Genuine job) {
    return job.with(SIGNATURE, "sha256=00," + job.call().headers().get(SIGNATURE));
  }

  private static Call otherScheme(Genuine job) {
    var call = job.without(SIGNATURE);
    call.headers().put("webhook-id", job.job.jobId() + ".k1.e-1");
    call.headers().put("webhook-timestamp", "1795496400");
    call.headers().put("webhook-signature", "v1,AAAA");
    return call;
  }

  private static Call compressed(Genuine job) {
    var call = job.signed(gzip(job.body()));
    call.headers().put("content-encoding", "gzip");
    return call;
  }

  private static byte[] gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static String quoted(String json) {
    return "\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
