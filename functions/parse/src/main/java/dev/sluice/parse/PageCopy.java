package dev.sluice.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sluice.document.PageMark;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a result's pages as one Markdown text while the answer comes in: each page behind its
 * mark, and of a page that the parser could not read the mark alone. A page is held at a time,
 * since its number may follow its text.
 */
final class PageCopy {
  /** As long as a whole document's text may be: more is refused by the next stage anyway. */
  private static final int LONGEST_PAGE = 64 << 20;

  private static final int HIGHEST_PAGE = 999_999_999;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_PAGE).build())
          .build();

  private final JsonParser json;
  private final Writer out;
  private final String kind;
  private final List<Integer> missing = new ArrayList<>();
  private int pages;

  private PageCopy(JsonParser json, Writer out, String kind) {
    this.json = json;
    this.out = out;
    this.kind = kind;
  }

  /** A page as it was read; without text if the parser could not read it. */
  private record Page(int number, @Nullable String text) {}

  /**
   * Copies the pages of an answer.
   *
   * @param kind {@code markdown} or {@code text}: under which name the answer has them
   * @throws com.fasterxml.jackson.core.JacksonException if the answer is not such JSON, or has no
   *     pages of that kind
   */
  static CopiedPages copy(InputStream answer, String kind, OutputStream to) throws IOException {
    try (var json = JSON.createParser(answer)) {
      var out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
      var copied = new PageCopy(json, out, kind).all();
      out.flush();
      return copied;
    }
  }

  private CopiedPages all() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT);
    boolean found = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (isNext(kind, JsonToken.START_OBJECT)) {
        found = section() || found;
      }
    }
    if (!found) {
      throw new JsonParseException(json, "the answer has no pages");
    }
    return new CopiedPages(pages, List.copyOf(missing));
  }

  /** Whether the section had a list of pages. */
  private boolean section() throws IOException {
    boolean found = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (isNext("pages", JsonToken.START_ARRAY)) {
        found = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          write(page());
        }
      }
    }
    return found;
  }

  /** Steps to the field's value, and over it unless it is the one. */
  private boolean isNext(String name, JsonToken begin) throws IOException {
    boolean named = json.currentName().equals(name);
    if (json.nextToken() == begin && named) {
      return true;
    }
    json.skipChildren();
    return false;
  }

  private Page page() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT);
    int number = 0;
    String text = null;
    boolean failed = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var value = json.nextToken();
      if (name.equals("page_number") && value == JsonToken.VALUE_NUMBER_INT) {
        number = json.getIntValue();
      } else if (name.equals(kind) && value == JsonToken.VALUE_STRING) {
        text = json.getText();
      } else if (name.equals("success")) {
        failed = value == JsonToken.VALUE_FALSE;
      }
      json.skipChildren();
    }
    if (number < 1 || number > HIGHEST_PAGE) {
      throw new JsonParseException(json, "a page has no number");
    }
    return new Page(number, failed ? null : text);
  }

  private void write(Page page) throws IOException {
    pages++;
    out.append(PageMark.of(page.number())).append("\n\n");
    if (page.text() == null) {
      missing.add(page.number());
    } else {
      out.append(PageMark.escaped(page.text())).append("\n\n");
    }
  }

  private void expect(@Nullable JsonToken token, JsonToken wanted) throws IOException {
    if (token != wanted) {
      throw new JsonParseException(json, "the answer has another shape");
    }
  }
}
