package dev.sluice.sweep;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.micronaut.function.aws.LambdaApplicationContextBuilder;
import java.util.Map;

/**
 * The schedule's Lambda function. The event is taken as it comes: EventBridge Scheduler writes
 * {@code detail} as text where EventBridge's rules write an object.
 */
public final class SweepHandler implements RequestHandler<Map<String, Object>, Map<String, Long>> {
  private final SweepOnce sweepOnce;

  public SweepHandler() {
    this.sweepOnce = new LambdaApplicationContextBuilder().build().start().getBean(SweepOnce.class);
  }

  /** Returns what {@link SweepOnce#sweep()} counted. */
  @Override
  public Map<String, Long> handleRequest(Map<String, Object> event, Context context) {
    return sweepOnce.sweep();
  }
}
