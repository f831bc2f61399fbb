package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The latest callbacks that were delivered, of which one may be replayed. */
final class PastCallbacks {
  private static final int MOST = 100;

  private final List<CallbackMessage> messages = new ArrayList<>();

  synchronized void add(CallbackMessage message) {
    messages.add(message);
    if (messages.size() > MOST) {
      var unused = messages.removeFirst();
    }
  }

  /** One of them, drawn by the fault; empty if nothing was delivered yet. */
  synchronized Optional<CallbackMessage> one(Fault fault) {
    return messages.isEmpty()
        ? Optional.empty()
        : Optional.of(messages.get(fault.oneOf(messages.size())));
  }
}
