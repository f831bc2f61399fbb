package dev.sluice.cli.bench;

import java.util.List;
import java.util.Random;

/** Sentences that read like a waterway authority's papers; hardly ever the same one twice. */
final class Prose {
  private static final List<String> ADJECTIVES =
      words(
          """
          upper lower northern southern wooden narrow flooded temporary licensed inland quiet
          seasonal damaged restored municipal private shallow busy historic insured loaded empty
          navigable adjacent disputed provisional annual former registered dredged frozen rural
          """);
  private static final List<String> NOUNS =
      words(
          """
          lock barge basin towpath gate reservoir harbour ferry bridge warden charter culvert
          embankment weir mooring tunnel pilot cargo permit inspector dredger aqueduct channel
          survey contract toll invoice landing keeper crew council surveyor pump siphon sluice
          quay granary mill estuary depot tenant
          """);
  private static final List<String> VERBS =
      words(
          """
          inspects repairs passes delays records closes measures replaces drains crosses approves
          leases insures rebuilds serves reaches blocks supplies reports transfers examines
          maintains cancels extends widens
          """);
  private static final List<String> ENDINGS =
      List.of(
          "before the winter closure",
          "at the expense of the county",
          "after two dry summers",
          "under the agreement of the spring",
          "without notice to the owners",
          "within the hours of daylight",
          "as the bylaws require",
          "for the rest of the season",
          "on the second working day",
          "in the presence of a witness",
          "until the water level falls",
          "against the advice of the engineers");

  private final Random random;

  Prose(Random random) {
    this.random = random;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String thing() {
    return one(ADJECTIVES) + " " + one(NOUNS);
  }

  String title() {
    String words = thing() + " and " + thing();
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private String sentence() {
    return "The %s %s the %s of the %s %s, and the %s %s %d of them."
        .formatted(
            thing(),
            one(VERBS),
            thing(),
            one(NOUNS),
            one(ENDINGS),
            one(NOUNS),
            one(VERBS),
            2 + random.nextInt(9_000));
  }

  /** Three to eight sentences. */
  String paragraph() {
    StringBuilder text = new StringBuilder();
    int sentences = 3 + random.nextInt(6);
    for (int i = 0; i < sentences; i++) {
      text.append(i == 0 ? "" : " ").append(sentence());
    }
    return text.toString();
  }
}
