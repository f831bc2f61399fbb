package dev.sluice.simulator.parser;

import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** HTML into Markdown: the document's text and structure, without scripts and page furniture. */
final class HtmlMarkdown {
  private static final String FURNITURE =
      "script, style, noscript, template, nav, svg, iframe, form, [hidden], [aria-hidden=true]";

  private final StringBuilder out = new StringBuilder();

  private HtmlMarkdown() {}

  static String of(String html) {
    Element body = Jsoup.parse(html).body();
    body.select(FURNITURE).remove();
    HtmlMarkdown markdown = new HtmlMarkdown();
    markdown.children(body);
    return markdown.out.toString().strip();
  }

  private void children(Element parent) {
    StringBuilder inline = new StringBuilder();
    for (Node node : parent.childNodes()) {
      if (node instanceof Element element && isBlock(element)) {
        flush(inline);
        block(element);
      } else {
        inline.append(inline(node));
      }
    }
    flush(inline);
  }

  private static boolean isBlock(Element element) {
    return element.isBlock() || !element.select("p, div, table, ul, ol, h1, h2, h3").isEmpty();
  }

  private void block(Element element) {
    String tag = element.normalName();
    switch (tag) {
      case "h1", "h2", "h3", "h4", "h5", "h6" ->
          paragraph("#".repeat(tag.charAt(1) - '0') + " " + inlineText(element));
      case "p" -> paragraph(inlineText(element));
      case "ul", "ol" -> {
        list(element, 0);
        out.append('\n');
      }
      case "table" -> table(element);
      case "pre" -> paragraph("```\n" + element.wholeText().stripTrailing() + "\n```");
      case "blockquote" -> quote(element);
      case "hr" -> paragraph("---");
      default -> children(element);
    }
  }

  private void quote(Element element) {
    HtmlMarkdown inner = new HtmlMarkdown();
    inner.children(element);
    paragraph("> " + inner.out.toString().strip().replace("\n", "\n> "));
  }

  private void list(Element list, int depth) {
    int number = 1;
    for (Element item : list.children()) {
      String mark = list.normalName().equals("ol") ? number++ + ". " : "- ";
      List<Element> nested =
          item.children().stream().filter(child -> child.normalName().matches("ul|ol")).toList();
      StringBuilder text = new StringBuilder();
      item.childNodes().stream()
          .filter(node -> !nested.contains(node))
          .forEach(node -> text.append(inline(node)).append(node instanceof TextNode ? "" : " "));
      out.append("   ".repeat(depth)).append(mark).append(folded(text)).append('\n');
      nested.forEach(child -> list(child, depth + 1));
    }
  }

  private void table(Element table) {
    List<String> rows = new ArrayList<>();
    for (Element row : table.select("tr")) {
      List<String> cells =
          row.select("> th, > td").stream()
              .map(cell -> inlineText(cell).replace("|", "\\|"))
              .toList();
      if (!cells.isEmpty()) {
        rows.add("| " + String.join(" | ", cells) + " |");
        if (rows.size() == 1) {
          rows.add("|" + " --- |".repeat(cells.size()));
        }
      }
    }
    paragraph(String.join("\n", rows));
  }

  private void flush(StringBuilder inline) {
    paragraph(folded(inline));
    inline.setLength(0);
  }

  private void paragraph(String text) {
    if (!text.isBlank()) {
      out.append(text.replace("<!--", "&lt;!--")).append("\n\n");
    }
  }

  private static String inlineText(Element element) {
    StringBuilder text = new StringBuilder();
    element.childNodes().forEach(node -> text.append(inline(node)));
    return folded(text);
  }

  private static String inline(Node node) {
    if (node instanceof TextNode text) {
      return text.getWholeText();
    }
    if (!(node instanceof Element element)) {
      return "";
    }
    return switch (element.normalName()) {
      case "br" -> " ";
      case "strong", "b" -> wrapped("**", inlineText(element));
      case "em", "i" -> wrapped("*", inlineText(element));
      case "code" -> wrapped("`", inlineText(element));
      case "img" -> element.attr("alt");
      default -> (element.isBlock() ? " " : "") + plain(element);
    };
  }

  /** Keeps the blanks at the edges of an inline element: they part words. */
  private static String plain(Element element) {
    StringBuilder text = new StringBuilder();
    element.childNodes().forEach(node -> text.append(inline(node)));
    return text.toString();
  }

  private static String wrapped(String mark, String text) {
    return text.isEmpty() ? "" : mark + text + mark;
  }

  private static String folded(CharSequence text) {
    return text.toString().replaceAll("[\\s\u00a0]+", " ").strip();
  }
}
