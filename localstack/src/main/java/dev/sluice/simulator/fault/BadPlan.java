package dev.sluice.simulator.fault;

/** A plan that cannot be carried out; the message is a sentence that begins with the field. */
public final class BadPlan extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;

  BadPlan(String field, String complaint) {
    super(field + " " + complaint);
    this.field = field;
  }

  /** Where it is wrong, such as {@code rules[0].rate}; {@code plan} for the whole. */
  public String field() {
    return field;
  }
}
