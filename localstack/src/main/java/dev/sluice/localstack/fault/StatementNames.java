package dev.sluice.localstack.fault;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names a transaction after what it writes, or reads if it writes nothing. */
final class StatementNames {
  private static final Pattern ROW_LOCK = Pattern.compile("for (no key )?(update|share)\\b");
  private static final Pattern WRITE =
      Pattern.compile("\\b(insert into|update|delete from|copy) \"?(\\w+)");
  private static final Pattern READ = Pattern.compile("\\bfrom \"?(\\w+)\\b(?!\\()");
  private static final Pattern CLAIM = Pattern.compile("\\blease_token = (\\$\\d+|\\?)");
  private static final Pattern STATUS = Pattern.compile("(?:set|,) (?:status|state) = '(\\w+)'");
  private static final List<String> NOT_TELLING = List.of("set ", "select set_config", "show ");

  private final Set<String> writes = new LinkedHashSet<>();
  private final Set<String> reads = new LinkedHashSet<>();

  /** One more statement of the transaction. */
  void add(String sql) {
    String text = plain(sql);
    if (text.isEmpty() || NOT_TELLING.stream().anyMatch(text::startsWith)) {
      return;
    }
    Matcher write = WRITE.matcher(text);
    if (write.find()) {
      writes.add(write(text, write));
      return;
    }
    Matcher read = READ.matcher(text);
    if (read.find()) {
      reads.add("read " + read.group(1));
    }
  }

  private static String write(String text, Matcher write) {
    String verb = write.group(1).split(" ", 2)[0];
    String rest = text.substring(write.end());
    int where = rest.indexOf(" where ");
    String set = where < 0 ? rest : rest.substring(0, where);
    if (verb.equals("update") && CLAIM.matcher(set).find()) {
      return "claim " + write.group(2);
    }
    Matcher status = STATUS.matcher(set);
    String to = verb.equals("update") && status.find() ? " to " + status.group(1) : "";
    return verb + " " + write.group(2) + to;
  }

  /** Lower case, single blanks, no row locks, which look like updates. */
  private static String plain(String sql) {
    String text = sql.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    return ROW_LOCK.matcher(text).replaceAll("");
  }

  static boolean isBegin(String sql) {
    String text = plain(sql);
    return text.startsWith("begin") || text.startsWith("start transaction");
  }

  static boolean isCommit(String sql) {
    String text = plain(sql);
    return text.startsWith("commit") || text.equals("end");
  }

  static boolean isRollback(String sql) {
    return plain(sql).startsWith("rollback") && !plain(sql).contains(" to ");
  }

  @Override
  public String toString() {
    if (!writes.isEmpty()) {
      return "commit: " + String.join(", ", writes);
    }
    // Behind the fence the document is read first; what follows tells more.
    List<String> all = new ArrayList<>(reads);
    return "commit: " + (all.isEmpty() ? "nothing" : all.getLast());
  }
}
