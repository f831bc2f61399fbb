package dev.sluice.localstack.fault;

import dev.sluice.localstack.fault.Boundary.Side;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a conversation tells, and breaks where it is told to. */
final class ToldSteps implements Conversation.Steps {
  final List<String> told = new ArrayList<>();
  private final String breakAt;

  ToldSteps(String breakAt) {
    this.breakAt = breakAt;
  }

  ToldSteps() {
    this("nowhere");
  }

  @Override
  public Boundary begin(String step) throws IOException {
    tell("before " + step);
    return new Boundary("f", step, 1, Side.BEFORE, 1);
  }

  @Override
  public void end(Boundary begun) throws IOException {
    tell("after " + begun.step());
  }

  @Override
  public void happened(String step) throws IOException {
    tell("after " + step);
  }

  private void tell(String what) throws IOException {
    told.add(what);
    if (what.equals(breakAt)) {
      throw new IOException(what);
    }
  }
}
