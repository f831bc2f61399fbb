package dev.sluice.simulator.fault;

import static dev.sluice.simulator.fault.Operation.CALLBACK;
import static dev.sluice.simulator.fault.Operation.DOWNLOAD;
import static dev.sluice.simulator.fault.Operation.EMBEDDINGS;
import static dev.sluice.simulator.fault.Operation.GET;
import static dev.sluice.simulator.fault.Operation.LIST;
import static dev.sluice.simulator.fault.Operation.SUBMIT;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What goes wrong. {@code docs/faults.md} has the same list for people. */
public enum FaultKind {
  /** The right answer after {@code latency_ms}. */
  LATENCY(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** No answer until the plan is replaced or the simulator stops; then the connection closes. */
  HANG(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** The work is done, and the connection closes in the middle of the answer's body. */
  RESET(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** The work is done, and the answer is well-formed HTTP with half of its body. */
  TRUNCATED(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** An error in the provider's shape, and no work done: {@code status}, {@code code}. */
  STATUS(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** Status 200 and words that are no JSON. */
  NOT_JSON(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),
  /** A proxy's error page, 502 unless {@code status} says otherwise. */
  HTML(EMBEDDINGS, SUBMIT, GET, LIST, DOWNLOAD),

  /** One vector is missing. */
  WRONG_COUNT(EMBEDDINGS),
  /** The vectors come last to first, rightly numbered: a client must take it. */
  WRONG_ORDER(EMBEDDINGS),
  /** One text's vector comes twice, under the same index, and another's not at all. */
  DUPLICATE_INDEX(EMBEDDINGS),
  /** One vector is a dimension short. */
  WRONG_DIMENSIONS(EMBEDDINGS),
  /** One number of one vector is not a number. */
  NAN(EMBEDDINGS),
  /** One number of one vector is infinite. */
  INFINITY(EMBEDDINGS),
  /** One vector has no direction. */
  ZERO_VECTOR(EMBEDDINGS),

  /** The job is shown in another status: {@code job_status}, RUNNING if nothing is said. */
  JOB_STATUS(GET, LIST),
  /** One page could not be read; from the whole document's text it is missing. */
  PARTIAL_PAGES(DOWNLOAD),
  /** The result is gone: 404 for its job, 403 for the signed address. */
  EXPIRED_RESULT(DOWNLOAD),
  /** The submission is answered only after the job has ended and its callbacks are delivered. */
  EARLY(SUBMIT),

  /** It is never sent. */
  LOST(CALLBACK),
  /** It is signed now and sent after {@code latency_ms}. */
  LATE(CALLBACK),
  /** It is sent again after it was delivered. */
  DOUBLED(CALLBACK),
  /** It is sent after the one that follows it, or when {@code latency_ms} are over. */
  REORDERED(CALLBACK),
  /** Before it comes one for the same job that was signed with another secret. */
  FORGED(CALLBACK),
  /** After it comes an old one again, byte for byte; itself if there is no other. */
  REPLAYED(CALLBACK),
  /** The header names another event than the body. */
  WRONG_EVENT_ID(CALLBACK),
  /** The body is the JSON as a JSON string, which the provider does by default. */
  STRING_BODY(CALLBACK);

  private final Set<Operation> operations;

  FaultKind(Operation... operations) {
    EnumSet<Operation> all = EnumSet.noneOf(Operation.class);
    all.addAll(Arrays.asList(operations));
    this.operations = Collections.unmodifiableSet(all);
  }

  /** To what it can happen. */
  public Set<Operation> operations() {
    return operations;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean needsLatency() {
    return this == LATENCY || this == LATE;
  }

  static Optional<FaultKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(name)).findFirst();
  }
}
