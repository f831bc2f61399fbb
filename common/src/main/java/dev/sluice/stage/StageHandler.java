package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.StageMessage;
import io.micronaut.context.ApplicationContext;
import io.micronaut.function.aws.LambdaApplicationContextBuilder;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * The Lambda entry point of a stage: starts Micronaut once per function environment and hands each
 * event to {@link StageRunner}. Micronaut's own request handler does not pass Lambda's {@link
 * Context} on, and a lease needs the time that is left.
 */
public abstract class StageHandler<M extends StageMessage>
    implements RequestHandler<SQSEvent, SQSBatchResponse>, MessageReader<M> {
  private final ApplicationContext context;
  private final Class<M> messageType;
  private final Stage<M> stage;
  private final StageRunner runner;
  private final ObjectMapper json;

  protected StageHandler(Class<M> messageType, Class<? extends Stage<M>> useCase) {
    this.context = new LambdaApplicationContextBuilder().build().start();
    this.messageType = messageType;
    this.stage = context.getBean(useCase);
    this.runner = context.getBean(StageRunner.class);
    this.json = context.getBean(ObjectMapper.class);
  }

  /** A bean of the function, for a handler that reads more than its own message. */
  protected final <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public final SQSBatchResponse handleRequest(SQSEvent event, Context lambda) {
    return runner.run(event, lambda, stage, this);
  }

  @Override
  public List<M> read(SQSMessage message) throws IOException {
    return List.of(json.readValue(message.getBody(), messageType));
  }
}
