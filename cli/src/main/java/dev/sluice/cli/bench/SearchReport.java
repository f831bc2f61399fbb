package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.bench.Lines.Line;
import dev.sluice.cli.bench.SearchFigures.Search;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The section of docs/benchmarks.md on finding passages again, its plot, and its figures. */
record SearchReport(SearchFigures results, int questions, Machine machine, Instant takenAt) {
  private static final String SCAN = "scan";
  private static final String SHARED = "shared";
  private static final String SHARED_ITERATIVE = "shared_iterative";
  private static final String OWN = "own";
  private static final String OWN_LATER = "own_later";

  private static final Map<String, String> TITLES = titles();

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put(SCAN, "Exact scan");
    titles.put(SHARED, "One index for all, filtered after");
    titles.put(SHARED_ITERATIVE, "One index for all, followed on");
    titles.put(OWN, "An index of the tenant's own");
    return titles;
  }

  String section() {
    return """
    ## Search

    `./sluice bench search` on %s. Ten nearest of a tenant's passages, %d questions each, one session, warm:
    the share of the true ten that is found, the median time and the 95th percentile. Vectors are synthetic, of 1536
    numbers, round 200 topics that all tenants share. Sluice scans exactly until `./sluice index` gives a tenant an index of
    its own (HNSW over half precision, four times as many candidates as wanted, put in order exactly). The planner was kept
    from scanning where an index is measured.

    | The tenant's passages | %s |
    |---|%s
    %s
    ![Search](benchmarks/search.svg)

    The own index is made over what is there; what comes later is scanned exactly until it is made anew, so that adding
    waits for no index. With a fifth more that came later:

    | Passages, with those that came later | Found, median, 95th percentile |
    |---:|---:|
    %s
    | | Index built, rows a second | 1,000 passages added to the largest tenant, rows a second |
    |---|---:|---:|
    %s
    What this does not show: several searches at once, tables larger than memory, real texts, whose neighbours lie
    otherwise, and tenants of whom most passages are no longer active.
    """
        .formatted(
            machine.inWords(takenAt),
            questions,
            String.join(" | ", TITLES.values()),
            "---:|".repeat(TITLES.size()),
            tenants().stream().map(this::row).collect(Collectors.joining()),
            results.searches().stream()
                .filter(search -> search.way().equals(OWN_LATER))
                .map(search -> line("| %,d | %s |\n", search.rows(), cell(search)))
                .collect(Collectors.joining()),
            cost());
  }

  /** Of the exact scan: it is made for each tenant. */
  private List<Search> tenants() {
    return results.searches().stream().filter(search -> search.way().equals(SCAN)).toList();
  }

  private String row(Search tenant) {
    return line("| %,d of %,d (%s %%)", tenant.rows(), tenant.among(), share(tenant))
        + TITLES.keySet().stream()
            .map(way -> results.search(way, tenant.rows(), tenant.among()))
            .map(found -> " | " + cell(found))
            .collect(Collectors.joining())
        + " |\n";
  }

  private static String cell(Search found) {
    return line("%.3f, %.1f ms, %.1f ms", found.recall(), found.median(), found.p95());
  }

  private static String share(Search tenant) {
    double percent = 100.0 * tenant.rows() / tenant.among();
    return percent < 1 ? line("%.1f", percent) : line("%.0f", percent);
  }

  private String cost() {
    return line("| Without any index | | %,.0f |\n", results.rowsASecond(SCAN))
        + line(
            "| One index for all | %,.0f | %,.0f |\n",
            results.builtASecond(SHARED), results.rowsASecond(SHARED))
        + line(
            "| An index of the tenant's own | %,.0f | %,.0f |\n",
            results.builtASecond(OWN), results.rowsASecond(OWN));
  }

  String plot() {
    return Lines.svg(
        "Median time of a search, ms",
        tenants().stream().map(tenant -> line("%,d", tenant.rows())).toList(),
        TITLES.entrySet().stream()
            .map(
                way ->
                    new Line(
                        way.getValue(),
                        tenants().stream()
                            .map(
                                tenant ->
                                    results
                                        .search(way.getKey(), tenant.rows(), tenant.among())
                                        .median())
                            .toList()))
            .toList());
  }

  ObjectNode figures() {
    ObjectNode json = machine.figures(SearchBench.NAME, takenAt);
    json.put("questions", questions);
    ObjectNode ratios = json.putObject("ratios");
    for (Search tenant : tenants()) {
      Search own = results.search(OWN, tenant.rows(), tenant.among());
      String of = "_" + tenant.rows() + "_of_" + tenant.among();
      ratios.put("scan_to_own" + of, tenant.median() / own.median());
      ratios.put("recall" + of, own.recall());
    }
    ratios.put("adding_with_own", results.rowsASecond(OWN) / results.rowsASecond(SCAN));
    ratios.put("adding_with_shared", results.rowsASecond(SHARED) / results.rowsASecond(SCAN));
    json.putPOJO("results", results);
    return json;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
