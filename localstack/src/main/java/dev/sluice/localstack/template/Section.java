package dev.sluice.localstack.template;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** An evaluated mapping of the template and where it stands, read with errors that say where. */
record Section(String place, Map<?, ?> values) {

  /**
   * Refuses a key that is neither run nor known to make no difference here, since AWS would act on
   * it and this machine would not.
   *
   * @param run keys that the local cloud acts on
   * @param ignored keys without an effect that a function or a caller could observe here
   */
  Section allow(Set<String> run, Set<String> ignored) {
    Set<String> unknown = new TreeSet<>();
    values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
    unknown.removeAll(run);
    unknown.removeAll(ignored);
    if (!unknown.isEmpty()) {
      throw new TemplateException(
          place + "." + unknown.iterator().next(),
          "the local cloud does not act on this; it would behave differently on AWS");
    }
    return this;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> new TemplateException(place, key + " is missing"));
  }

  Optional<String> optionalText(String key) {
    Object value = values.get(key);
    if (value instanceof Map || value instanceof List) {
      throw new TemplateException(place + "." + key, "text is expected here");
    }
    return Optional.ofNullable(value).map(Object::toString);
  }

  int number(String key, int fallback, int least, int most) {
    Optional<String> text = optionalText(key);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new TemplateException(
          place + "." + key, "'" + text.get() + "' is not a whole number", e);
    }
    throw new TemplateException(
        place + "." + key, "%s is not between %d and %d".formatted(text.get(), least, most));
  }

  OptionalInt optionalNumber(String key, int least, int most) {
    return has(key) ? OptionalInt.of(number(key, least, least, most)) : OptionalInt.empty();
  }

  Duration seconds(String key, int fallback, int least, int most) {
    return Duration.ofSeconds(number(key, fallback, least, most));
  }

  boolean flag(String key, boolean fallback) {
    return optionalText(key).map(text -> text.equalsIgnoreCase("true")).orElse(fallback);
  }

  /** The mapping under the key; empty when there is none. */
  Section section(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof Map)) {
      throw new TemplateException(place + "." + key, "a mapping is expected here");
    }
    return new Section(place + "." + key, value instanceof Map<?, ?> map ? map : Map.of());
  }

  /** Each mapping under this one, by its key. */
  List<Section> sections() {
    return values.keySet().stream().map(key -> section(String.valueOf(key))).toList();
  }

  /** The mappings in the list under the key. */
  List<Section> list(String key) {
    List<Section> result = new ArrayList<>();
    List<?> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String where = "%s.%s[%d]".formatted(place, key, i);
      if (!(items.get(i) instanceof Map<?, ?> map)) {
        throw new TemplateException(where, "a mapping is expected here");
      }
      result.add(new Section(where, map));
    }
    return result;
  }

  List<String> texts(String key) {
    return items(key).stream().map(String::valueOf).toList();
  }

  private List<?> items(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new TemplateException(place + "." + key, "a list is expected here");
  }

  /** The last part of the place: the key under which this mapping stands. */
  String name() {
    return place.substring(place.lastIndexOf('.') + 1);
  }
}
