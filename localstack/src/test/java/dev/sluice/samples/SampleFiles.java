package dev.sluice.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the sample documents that are made and not written by hand. */
public final class SampleFiles {
  private SampleFiles() {}

  /**
   * @param arguments the directory to write to, {@code localstack/samples}
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    Files.write(directory.resolve("insurance-policy.pdf"), SampleDocuments.insurancePolicy());
  }
}
