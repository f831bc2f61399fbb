package dev.sluice.simulator.fault;

import dev.sluice.simulator.http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers one request as the plan wants it: the faults that every provider's answers can have. */
public final class FaultyAnswer {
  private static final int BAD_GATEWAY = 502;
  private static final String PAGE =
      "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>";

  private final Faults faults;
  private final Errors errors;

  /** An error in a provider's own shape. */
  @FunctionalInterface
  public interface Errors {
    Reply of(Parameters how);
  }

  /** The work itself, and the faults that are in what it answers. */
  @FunctionalInterface
  public interface Work {
    Reply answer(Fault fault) throws IOException;
  }

  public FaultyAnswer(Faults faults, Errors errors) {
    this.faults = faults;
    this.errors = errors;
  }

  public Reply to(Operation operation, Work work) throws IOException {
    Fault fault = faults.next(operation);
    try {
      faults.pause(fault);
      return answer(fault, work);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.NOTHING;
    }
  }

  private Reply answer(Fault fault, Work work) throws IOException, InterruptedException {
    return switch (fault.kind()) {
      case HANG -> {
        faults.hang();
        yield Reply.NOTHING;
      }
      case RESET -> work.answer(fault).ending(Reply.Ending.CUT);
      case TRUNCATED -> work.answer(fault).ending(Reply.Ending.TRUNCATED);
      case STATUS -> errors.of(fault.how());
      case NOT_JSON -> Reply.bytes(200, "application/json", utf8("upstream connect error"));
      case HTML -> Reply.bytes(status(fault), "text/html", utf8(PAGE));
      case null, default -> work.answer(fault);
    };
  }

  private static int status(Fault fault) {
    Integer said = fault.how().status();
    return said == null ? BAD_GATEWAY : said;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
