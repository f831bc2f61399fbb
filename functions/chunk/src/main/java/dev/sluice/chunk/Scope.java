package dev.sluice.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headings of one chunk.
 *
 * @param section that its first words stand under
 * @param path the deepest that holds the whole chunk; a heading alone does not count
 * @param prefix the deepest in force at its start that its own text does not show
 */
record Scope(@Nullable Heading section, @Nullable Heading path, @Nullable Heading prefix) {
  static Scope of(List<Atom> atoms) {
    int named = 0;
    while (named < atoms.size() && isNameless(atoms.get(named))) {
      named++;
    }
    boolean allHeadings = named == atoms.size();
    Heading section = atoms.get(allHeadings ? 0 : named).heading();
    Heading path = section;
    for (Atom atom : atoms) {
      if (atom.heading() != path && (allHeadings || !isNameless(atom))) {
        path = Heading.common(path, atom.heading());
      }
    }
    return new Scope(section, path, above(atoms.getFirst()));
  }

  private static boolean isNameless(Atom atom) {
    return atom.isHeading() || atom.silent();
  }

  private static @Nullable Heading above(Atom first) {
    Heading heading = first.heading();
    return heading != null && first.isHeading() && first.first() ? heading.parent() : heading;
  }
}
