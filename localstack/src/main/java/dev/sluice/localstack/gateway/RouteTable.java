package dev.sluice.localstack.gateway;

import dev.sluice.localstack.template.FunctionDefinition;
import dev.sluice.localstack.template.RouteTrigger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a request, the most specific first, as API Gateway does. */
final class RouteTable {
  private static final String REST = "+}";

  /** A route and the function behind it. */
  private record Route(RouteTrigger trigger, String function, List<String> segments) {
    boolean isDefault() {
      return trigger.path().equals("$default");
    }

    boolean isGreedy() {
      return segments.getLast().endsWith(REST);
    }

    long variables() {
      return segments.stream().filter(segment -> segment.startsWith("{")).count();
    }
  }

  /**
   * A route that takes a request.
   *
   * @param parameters the path's variables, decoded
   */
  record Match(RouteTrigger trigger, String function, Map<String, String> parameters) {}

  private final List<Route> routes;

  RouteTable(List<FunctionDefinition> functions) {
    List<Route> all = new ArrayList<>();
    for (FunctionDefinition function : functions) {
      for (RouteTrigger trigger : function.routeTriggers()) {
        all.add(new Route(trigger, function.name(), segments(trigger.path())));
      }
    }
    all.sort(
        Comparator.comparing(Route::isDefault)
            .thenComparing(Route::isGreedy)
            .thenComparing(Route::variables)
            .thenComparing(route -> route.trigger.method().equals("ANY")));
    this.routes = List.copyOf(all);
  }

  /** The route for a method and an undecoded path. */
  Optional<Match> find(String method, String rawPath) {
    List<String> path = segments(rawPath);
    return routes.stream()
        .filter(
            route -> route.isDefault() || List.of("ANY", method).contains(route.trigger.method()))
        .flatMap(route -> match(route, path).stream())
        .findFirst();
  }

  private static Optional<Match> match(Route route, List<String> path) {
    if (route.isDefault()) {
      return Optional.of(new Match(route.trigger, route.function, Map.of()));
    }
    List<String> pattern = route.segments;
    if (route.isGreedy() ? path.size() < pattern.size() : path.size() != pattern.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String segment = pattern.get(i);
      boolean greedy = segment.endsWith(REST);
      String value = greedy ? String.join("/", path.subList(i, path.size())) : path.get(i);
      if (segment.startsWith("{") && !value.isEmpty()) {
        String name = segment.substring(1, segment.length() - (greedy ? 2 : 1));
        parameters.put(name, decoded(value));
      } else if (!segment.equals(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(route.trigger, route.function, parameters));
  }

  /** A plus sign stands for itself in a path. */
  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
