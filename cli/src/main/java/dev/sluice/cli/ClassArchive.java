package dev.sluice.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;

/**
 * The JVM's archive of this program's loaded classes, which saves later starts most of their work.
 * The launcher asks for it by a property and uses it from then on.
 */
final class ClassArchive {
  /** Names the file to write; absent when there is one, or none is wanted. */
  static final String PROPERTY = "sluice.class.archive";

  private ClassArchive() {}

  /**
   * Writes the archive if it was asked for. Called at an orderly end, so that Ctrl-C never waits.
   */
  static void write() {
    String file = System.getProperty(PROPERTY, "");
    if (file.isEmpty() || Files.exists(Path.of(file))) {
      return;
    }
    PrintStream out = System.out;
    // The JVM announces there what it wrote.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              new Object[] {new String[] {"dynamic_dump", "\"" + file + "\""}},
              new String[] {String[].class.getName()});
    } catch (JMException | RuntimeMBeanException notHere) {
      // Another JVM than HotSpot: it starts without an archive, as it did this time.
      System.clearProperty(PROPERTY);
    } finally {
      System.setOut(out);
    }
  }
}
