package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What JMH says of one benchmark with one parameter.
 *
 * @param name {@code Class.method}
 * @param parameter empty if it has none
 * @param milliseconds an operation, one figure an iteration
 */
record Measurement(String name, String parameter, List<Double> milliseconds) {
  static Measurement of(JsonNode jmh) {
    List<Double> figures = new ArrayList<>();
    jmh.path("primaryMetric")
        .path("rawData")
        .forEach(fork -> fork.forEach(figure -> figures.add(figure.asDouble())));
    String[] name = jmh.path("benchmark").asText().split("\\.");
    String parameter = "";
    for (JsonNode value : jmh.path("params")) {
      parameter = value.asText();
    }
    return new Measurement(name[name.length - 2] + "." + name[name.length - 1], parameter, figures);
  }

  double median() {
    return Statistics.median(milliseconds);
  }

  /** Largest minus smallest, as a share of the median. */
  double spread() {
    return Statistics.spread(milliseconds);
  }
}
