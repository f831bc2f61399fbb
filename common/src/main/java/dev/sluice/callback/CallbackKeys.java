package dev.sluice.callback;

import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and checks what authenticates a callback, from the master keys.
 *
 * <ul>
 *   <li>The header {@code kid.job.scheme.exp.salt.mac}: {@code job} is the UUID's 16 bytes and
 *       {@code mac} an HMAC-SHA256 under the master key over everything before its dot, both in
 *       base64url; {@code exp} is in epoch seconds. It is checked by computation alone, before any
 *       database read.
 *   <li>The job's signing secret: HKDF-SHA256 of the master key, with the job row's salt as salt
 *       and {@code sluice/callback/{job_id}} as info, 32 bytes in lower-case hex. The row's salt is
 *       in the database only and the master key is not, so that neither a leaked database nor a
 *       leaked header lets anyone sign.
 * </ul>
 */
@Singleton
@Requires(beans = MasterKeySource.class)
public final class CallbackKeys {
  private static final String HMAC = "HmacSHA256";
  private static final int SECRET_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int PARTS = 6;

  /** A genuine header is about 110 characters. */
  private static final int LONGEST_HEADER = 200;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final MasterKeySource masterKeys;

  public CallbackKeys(MasterKeySource masterKeys) {
    this.masterKeys = masterKeys;
  }

  /** 16 random bytes in base64url: for a job's row, or for one header. */
  public static String freshSalt() {
    var salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return BASE64.encodeToString(salt);
  }

  /** The id of the key under which {@link #header} makes headers now. */
  public String currentKeyId() {
    return masterKeys.keys().current();
  }

  /** The header that the parser is to send back, with a salt of its own. */
  public String header(UUID jobId, CallbackScheme scheme, Instant expires) {
    var keyId = currentKeyId();
    var claims =
        String.join(
            ".",
            keyId,
            encode(jobId),
            scheme.code(),
            Long.toString(expires.getEpochSecond()),
            freshSalt());
    return claims + "." + mac(key(keyId), claims);
  }

  /**
   * Checks a header that came back.
   *
   * @throws CallbackRefused if it is not one that we made, or has expired
   */
  public CallbackHeader verify(String header, Instant now) {
    var parts = header.length() > LONGEST_HEADER ? new String[0] : header.split("\\.", -1);
    if (parts.length != PARTS) {
      throw new CallbackRefused("header_malformed");
    }
    var claims = header.substring(0, header.lastIndexOf('.'));
    // The text is compared, not what it decodes to: base64 has several spellings of one value.
    if (!sameText(mac(key(parts[0]), claims), parts[5])) {
      throw new CallbackRefused("header_mac_wrong");
    }
    if (masterKeys.keys().hasEnded(parts[0], now)) {
      throw new CallbackRefused("key_ended");
    }
    var genuine = read(parts);
    if (now.isAfter(genuine.expires())) {
      throw new CallbackRefused("header_expired");
    }
    return genuine;
  }

  /**
   * The secret with which the parser signs the callbacks of one job: 64 hexadecimal digits, used as
   * ASCII text.
   *
   * @param rowSalt as the job's row holds it
   * @throws CallbackRefused if no key has that id
   */
  public String signingSecret(String keyId, UUID jobId, String rowSalt) {
    var parameters =
        HKDFParameterSpec.ofExtract()
            .addIKM(key(keyId))
            .addSalt(rowSalt.getBytes(StandardCharsets.UTF_8))
            .thenExpand(
                ("sluice/callback/" + jobId).getBytes(StandardCharsets.UTF_8), SECRET_BYTES);
    try {
      return HexFormat.of().formatHex(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java 25 has HKDF-SHA256", e);
    }
  }

  private byte[] key(String keyId) {
    var key = masterKeys.keys().find(keyId);
    if (key == null) {
      key = masterKeys.keysAgain().find(keyId);
    }
    if (key == null) {
      throw new CallbackRefused("key_unknown");
    }
    return key;
  }

  /** Only after the mac: these parts are ours, so that a failure here means an older format. */
  private static CallbackHeader read(String[] parts) {
    try {
      return new CallbackHeader(
          parts[0],
          decode(parts[1]),
          CallbackScheme.ofCode(parts[2])
              .orElseThrow(() -> new CallbackRefused("header_scheme_unknown")),
          Instant.ofEpochSecond(Long.parseLong(parts[3])),
          parts[4]);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CallbackRefused("header_malformed");
    }
  }

  private static String mac(byte[] key, String claims) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return BASE64.encodeToString(mac.doFinal(claims.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static boolean sameText(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(UUID id) {
    return BASE64.encodeToString(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array());
  }

  private static UUID decode(String id) {
    var bytes = Base64.getUrlDecoder().decode(id);
    if (bytes.length != 16) {
      throw new IllegalArgumentException("not a UUID: " + bytes.length + " bytes");
    }
    var buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
