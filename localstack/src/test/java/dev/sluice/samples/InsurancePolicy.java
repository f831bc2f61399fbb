package dev.sluice.samples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** Sets the policy's wording, a text with a few marks for headings, lists and tables, as a PDF. */
final class InsurancePolicy {
  private static final String WORDING = "/samples/insurance-policy.txt";
  private static final float LEFT = 68;
  private static final float TOP = 92;
  private static final float BOTTOM = PdfPages.HEIGHT - 84;
  private static final float TEXT_WIDTH = PdfPages.WIDTH - 2 * LEFT;
  private static final float BODY = 11;
  private static final float LEADING = 15;
  private static final float INDENT = 18;
  private static final float CELL_GAP = 24;

  private final PDFont regular = new PDType1Font(FontName.HELVETICA);
  private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
  private final PdfPages pages = new PdfPages("Home and Motor Insurance Policy");
  private float y = TOP;

  private InsurancePolicy() {
    pages.newPage();
  }

  static byte[] bytes() {
    InsurancePolicy policy = new InsurancePolicy();
    try (policy.pages) {
      policy.set(wording().lines().toList());
      policy.runningText();
      return policy.pages.bytes();
    }
  }

  private static String wording() {
    try (InputStream in = InsurancePolicy.class.getResourceAsStream(WORDING)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void set(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("|")) {
        List<String> table = new ArrayList<>();
        for (; i < lines.size() && lines.get(i).startsWith("|"); i++) {
          table.add(lines.get(i));
        }
        table(table);
      } else {
        line(line);
      }
    }
  }

  private void line(String line) {
    if (line.startsWith("= ")) {
      heading(line.substring(2), 24, 6);
    } else if (line.startsWith("### ")) {
      heading(line.substring(4), BODY, 8);
    } else if (line.startsWith("## ")) {
      heading(line.substring(3), 13, 12);
    } else if (line.startsWith("# ")) {
      heading(line.substring(2), 17, 20);
    } else if (line.startsWith("- ")) {
      item("\u2022", line.substring(2));
    } else if (line.matches("\\d+\\. .*")) {
      int dot = line.indexOf(' ');
      item(line.substring(0, dot), line.substring(dot + 1));
    } else if (line.isEmpty()) {
      y += 7;
    } else {
      paragraph(line, LEFT, TEXT_WIDTH);
    }
  }

  private void heading(String text, float size, float above) {
    y += above;
    room(size + 4 * LEADING);
    for (String line : PdfPages.wrap(bold, size, TEXT_WIDTH, text)) {
      y += size * 1.25f;
      pages.text(bold, size, LEFT, y, line);
    }
    y += size * 0.3f;
  }

  private void item(String mark, String text) {
    room(LEADING);
    pages.text(regular, BODY, LEFT, y + LEADING, mark);
    paragraph(text, LEFT + INDENT, TEXT_WIDTH - INDENT);
  }

  private void paragraph(String text, float x, float width) {
    for (String line : PdfPages.wrap(regular, BODY, width, text)) {
      room(LEADING);
      y += LEADING;
      pages.text(regular, BODY, x, y, line);
    }
  }

  private void table(List<String> lines) {
    List<List<String>> rows =
        lines.stream()
            .filter(line -> !line.startsWith("| ---"))
            .map(line -> List.of(line.substring(1, line.lastIndexOf('|')).split("\\|")))
            .map(cells -> cells.stream().map(String::strip).toList())
            .toList();
    List<Float> starts = columnStarts(rows);
    room(Math.min(rows.size(), 6) * (LEADING + 4));
    for (int row = 0; row < rows.size(); row++) {
      room(LEADING + 4);
      y += LEADING + 4;
      for (int column = 0; column < rows.get(row).size(); column++) {
        String cell = rows.get(row).get(column);
        if (!cell.isEmpty()) {
          pages.text(row == 0 ? bold : regular, BODY, starts.get(column), y, cell);
        }
      }
    }
    y += 10;
  }

  private List<Float> columnStarts(List<List<String>> rows) {
    List<Float> starts = new ArrayList<>();
    float x = LEFT;
    for (int column = 0; column < rows.getFirst().size(); column++) {
      starts.add(x);
      float widest = 0;
      for (List<String> row : rows) {
        widest = Math.max(widest, PdfPages.width(bold, BODY, row.get(column)));
      }
      x += widest + CELL_GAP;
    }
    return starts;
  }

  private void room(float height) {
    if (y + height > BOTTOM) {
      pages.newPage();
      y = TOP;
    }
  }

  private void runningText() {
    for (int number = 1; number <= pages.count(); number++) {
      String footer = "Page " + number + " of " + pages.count();
      pages.draw(
          number,
          content -> {
            PdfPages.show(content, regular, 8, LEFT, 52, "Harbour and Vale Mutual  HV-2026-03");
            PdfPages.show(content, regular, 8, LEFT, PdfPages.HEIGHT - 44, footer);
          });
    }
  }
}
