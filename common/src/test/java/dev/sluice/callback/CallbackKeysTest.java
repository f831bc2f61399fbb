package dev.sluice.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackKeysTest {
  private static final String K1 =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String K2 =
      "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
  private static final UUID JOB = UUID.fromString("3f2b8a52-6a0e-5d53-9a8e-0c7b2f4d1e90");
  private static final String ROW_SALT = "c2FsdC1vZi10aGUtcm93MA";
  private static final Instant EXPIRES = Instant.ofEpochSecond(1_795_500_000);
  private static final Instant NOW = EXPIRES.minusSeconds(600);

  /** Made with Python's hmac module, not with the code under test. */
  private static final String KNOWN_HEADER =
      "k1.PyuKUmoOXVOajgx7L00ekA.lp.1795500000.AAECAwQFBgcICQoLDA0ODw"
          + ".GkcdVbyaxq16daIbJAv6o5aSVXa772hhcBGQHSLUy2s";

  private static final String KNOWN_SECRET =
      "a20d8a51854b01714093bdb502481486754368285e5ec555d4587b2b8fc4abea";

  private final CallbackKeys keys = keys("k1", Map.of("k1", K1));

  @Test
  void readsAHeaderThatAnotherImplementationMade() {
    assertThat(keys.verify(KNOWN_HEADER, NOW))
        .isEqualTo(
            new CallbackHeader(
                "k1", JOB, CallbackScheme.LLAMAPARSE, EXPIRES, "AAECAwQFBgcICQoLDA0ODw"));
  }

  @Test
  void derivesTheSecretThatAnotherImplementationDerives() {
    assertThat(keys.signingSecret("k1", JOB, ROW_SALT)).isEqualTo(KNOWN_SECRET);
  }

  @Test
  void verifiesWhatItMakes() {
    var header = keys.header(JOB, CallbackScheme.LLAMAPARSE, EXPIRES);
    assertThat(header).hasSizeLessThan(150).matches("[A-Za-z0-9_.-]+");
    var verified = keys.verify(header, NOW);
    assertThat(verified.jobId()).isEqualTo(JOB);
    assertThat(verified.expires()).isEqualTo(EXPIRES);
    assertThat(verified.keyId()).isEqualTo("k1");
  }

  @Test
  void makesEachHeaderUnlikeAnyOther() {
    assertThat(keys.header(JOB, CallbackScheme.LLAMAPARSE, EXPIRES))
        .isNotEqualTo(keys.header(JOB, CallbackScheme.LLAMAPARSE, EXPIRES));
  }

  /** Every character of every part, replaced by each of its neighbours in the alphabet. */
  @Test
  void refusesAHeaderInWhichAnyCharacterIsChanged() {
    for (int at = 0; at < KNOWN_HEADER.length(); at++) {
      for (char other : new char[] {'A', 'B', 'a', '0', '1', '2', '-', '_', '.', '=', ' ', 'é'}) {
        if (KNOWN_HEADER.charAt(at) != other) {
          var tampered = KNOWN_HEADER.substring(0, at) + other + KNOWN_HEADER.substring(at + 1);
          assertThatExceptionOfType(CallbackRefused.class)
              .as("character %d replaced by '%s'", at, other)
              .isThrownBy(() -> keys.verify(tampered, NOW));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, key_unknown",
    "1, header_mac_wrong",
    "2, header_mac_wrong",
    "3, header_mac_wrong",
    "4, header_mac_wrong",
    "5, header_mac_wrong"
  })
  void namesTheReasonWhenAPartIsReplaced(int part, String reason) {
    var parts = KNOWN_HEADER.split("\\.");
    parts[part] = part == 3 ? "1999999999" : "k9";
    assertRefused(String.join(".", parts), NOW, reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.b.c.d.e", "a.b.c.d.e.f.g", "no dots at all"})
  void refusesWhatIsNoHeader(String header) {
    assertRefused(header, NOW, "header_malformed");
  }

  @Test
  void refusesAnOverlongHeaderWithoutReadingIt() {
    assertRefused("k1." + "A".repeat(100_000) + ".lp.1.s.m", NOW, "header_malformed");
  }

  @Test
  void acceptsAHeaderUntilItsLastSecondAndRefusesItAfter() {
    assertThat(keys.verify(KNOWN_HEADER, EXPIRES).jobId()).isEqualTo(JOB);
    assertRefused(KNOWN_HEADER, EXPIRES.plusSeconds(1), "header_expired");
  }

  @Test
  void verifiesAnOlderKeysHeaderDuringRotationAndMakesNewOnesUnderTheCurrentKey() {
    var rotated = keys("k2", Map.of("k1", K1, "k2", K2));
    assertThat(rotated.verify(KNOWN_HEADER, NOW).keyId()).isEqualTo("k1");
    assertThat(rotated.header(JOB, CallbackScheme.LLAMAPARSE, EXPIRES)).startsWith("k2.");
    assertThat(rotated.signingSecret("k1", JOB, ROW_SALT)).isEqualTo(KNOWN_SECRET);
  }

  @Test
  void refusesAHeaderWhoseKeyIsWithdrawn() {
    var withdrawn = keys("k2", Map.of("k2", K2));
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> withdrawn.verify(KNOWN_HEADER, NOW))
        .withMessage("key_unknown");
  }

  @Test
  void believesAnOlderKeyUntilItsEndAndNoLonger() {
    var keys = keys("k2", Map.of("k1", K1, "k1.until", NOW.toString(), "k2", K2));
    assertThat(keys.verify(KNOWN_HEADER, NOW).keyId()).isEqualTo("k1");
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> keys.verify(KNOWN_HEADER, NOW.plusSeconds(1)))
        .withMessage("key_ended");
  }

  @Test
  void refusesAnEndThatIsNoneOrIsTheCurrentKeys() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys("k2", Map.of("k1", K1, "k1.until", "tomorrow", "k2", K2)))
        .withMessageContaining("k1.until")
        .withMessageNotContaining("tomorrow");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys("k1", Map.of("k1", K1, "k1.until", NOW.toString())))
        .withMessageContaining("has an end");
  }

  @Test
  void looksAgainForAKeyThatItDoesNotKnow() {
    var before = MasterKeys.of(Map.of("current", "k2", "k2", K2));
    var after = MasterKeys.of(Map.of("current", "k1", "k1", K1, "k2", K2));
    var warm =
        new CallbackKeys(
            new MasterKeySource() {
              @Override
              public MasterKeys keys() {
                return before;
              }

              @Override
              public MasterKeys keysAgain() {
                return after;
              }
            });
    assertThat(warm.verify(KNOWN_HEADER, NOW).keyId()).isEqualTo("k1");
  }

  @Test
  void givesEachJobSaltAndKeyASecretOfItsOwn() {
    var both = keys("k1", Map.of("k1", K1, "k2", K2));
    var secrets = new HashSet<String>();
    secrets.add(both.signingSecret("k1", JOB, ROW_SALT));
    secrets.add(both.signingSecret("k1", JOB, CallbackKeys.freshSalt()));
    secrets.add(both.signingSecret("k1", new UUID(1, 2), ROW_SALT));
    secrets.add(both.signingSecret("k2", JOB, ROW_SALT));
    assertThat(secrets).hasSize(4).allMatch(secret -> secret.matches("[0-9a-f]{64}"));
  }

  @Test
  void aFreshSaltIsSixteenBytesInBase64url() {
    assertThat(CallbackKeys.freshSalt())
        .matches("[A-Za-z0-9_-]{22}")
        .isNotEqualTo(CallbackKeys.freshSalt());
  }

  @Test
  void refusesASecretWithoutItsCurrentKeyOrWithAWeakOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterKeys.of(Map.of("current", "k2", "k1", K1)))
        .withMessageContaining("current key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterKeys.of(Map.of("k1", K1)))
        .withMessageContaining("current key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterKeys.of(Map.of("current", "k1", "k1", "topsecret")))
        .withMessageContaining("k1")
        .withMessageNotContainingAny("topsecret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterKeys.of(Map.of("current", "k.1", "k.1", K1)))
        .withMessageContaining("key id");
  }

  private void assertRefused(String header, Instant now, String reason) {
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> keys.verify(header, now))
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static CallbackKeys keys(String current, Map<String, String> byId) {
    var secret = new java.util.HashMap<>(byId);
    secret.put("current", current);
    return new CallbackKeys(MasterKeySource.of(MasterKeys.of(secret)));
  }
}
