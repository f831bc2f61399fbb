package dev.sluice.cli.bench;

import java.util.List;

/**
 * What a run on growth does; an empty list leaves its part out.
 *
 * @param rows of the chunk buffer, growing
 * @param documents that are measured at each of them
 * @param megabytes of Markdown documents that are chunked, growing
 * @param pdfMegabytes of the PDF that goes through the whole pipeline; 0 leaves it out
 */
public record GrowthSettings(
    List<Integer> rows, int documents, List<Integer> megabytes, int pdfMegabytes) {
  public GrowthSettings {
    rows = List.copyOf(rows);
    megabytes = List.copyOf(megabytes);
  }
}
