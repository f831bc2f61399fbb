package dev.sluice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final UUID USER = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final UUID DOCUMENT = UUID.fromString("11111111-2222-5333-8444-555555555555");

  /** Expected values: Python's uuid.uuid5 over the same namespace and names. */
  @Test
  void idsEqualThoseOfAnIndependentImplementation() {
    assertThat(DocumentIds.chunk(DOCUMENT, "markdown-simple", "1", 0))
        .hasToString("0720bdf1-9211-5e36-a5ca-18b571071f24");
    assertThat(DocumentIds.job(DOCUMENT, 7)).hasToString("20524fff-7b40-56cd-9e9b-dfd5651a475e");
    assertThat(DocumentIds.batch(DOCUMENT, 3)).hasToString("68031a34-761f-5cda-9fb0-fd6bb5376636");
    assertThat(DocumentIds.document(USER, "a".repeat(64)))
        .hasToString("bf7eef5f-a746-50cf-8b2e-8991eae6c0a3");
  }

  @Test
  void idsAreVersion5OfTheRfcVariant() {
    var id = DocumentIds.job(DOCUMENT, 1);
    assertThat(id.version()).isEqualTo(5);
    assertThat(id.variant()).isEqualTo(2);
  }

  /** Expected values: coreutils' sha256sum. */
  @Test
  void hashesAreLowerCaseHexSha256() throws IOException {
    assertThat(Hashes.ofText(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Hashes.ofText("Grüße"))
        .isEqualTo("f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074")
        .isEqualTo(
            Hashes.ofStream(
                new ByteArrayInputStream(
                    "Grüße".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
  }

  @Test
  void aVectorsHashIsOfItsLittleEndianFloats() {
    assertThat(Hashes.ofVector(new float[] {1.0f, -2.5f}))
        .isEqualTo(Hashes.ofBytes(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc0}));
  }

  @Test
  void aPathSurvivesTheTableAndTheBucket() {
    var job = JobRef.of(USER, DOCUMENT, 3);
    for (var path :
        new StoragePath[] {
          StoragePath.raw(job, "pdf"), StoragePath.parserResult(job), StoragePath.canonicalText(job)
        }) {
      assertThat(StoragePath.ofUri(path.uri())).isEqualTo(path);
      assertThat(StoragePath.ofKey(path.key())).isEqualTo(path);
      assertThat(path.job()).isEqualTo(job);
    }
    assertThat(StoragePath.raw(job, "pdf").uri())
        .isEqualTo("storage://" + USER + "/raw/" + DOCUMENT + ".pdf?generation=3");
    assertThat(StoragePath.raw(job, "pdf").key())
        .isEqualTo("raw/" + USER + "/" + DOCUMENT + "/3.pdf");
    assertThat(StoragePath.canonicalText(job).key())
        .isEqualTo("parsed/" + USER + "/" + DOCUMENT + "/3.md");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "raw/x/y/1.pdf",
        "raw/00000000-0000-4000-8000-000000000001/11111111-2222-5333-8444-555555555555/0.pdf",
        "other/00000000-0000-4000-8000-000000000001/11111111-2222-5333-8444-555555555555/1.pdf",
        "raw/00000000-0000-4000-8000-000000000001/11111111-2222-5333-8444-555555555555/1.p/../f",
      })
  void refusesAKeyThatIsNoDocuments(String key) {
    assertThatThrownBy(() -> StoragePath.ofKey(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not the key of a document");
    assertThatThrownBy(() -> StoragePath.ofUri("storage://" + key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a storage path");
  }
}
