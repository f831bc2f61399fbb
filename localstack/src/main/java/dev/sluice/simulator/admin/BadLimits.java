package dev.sluice.simulator.admin;

/** Limits that cannot be set; the message is a sentence that begins with the field. */
final class BadLimits extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;

  BadLimits(String field, String complaint) {
    super(field + " " + complaint);
    this.field = field;
  }

  /** Where it is wrong, such as {@code limits[0].model}. */
  String field() {
    return field;
  }
}
