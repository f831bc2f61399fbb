package dev.sluice.webhook;

import dev.sluice.webhook.WebhookFunction.Call;
import java.util.function.Function;

/**
 * Something that one might try on the webhook.
 *
 * @param kind what the attacker has or lacks; a heading of the table
 * @param name what is tried, as the table says it
 * @param call makes the request out of what the parser would genuinely send
 * @param reason what the log must say of it
 */
record Attack(String kind, String name, Function<Genuine, Call> call, String reason) {
  @Override
  public String toString() {
    return name;
  }
}
