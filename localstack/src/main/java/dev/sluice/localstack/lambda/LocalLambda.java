package dev.sluice.localstack.lambda;

import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.FunctionDefinition;
import dev.sluice.localstack.template.QueueTrigger;
import dev.sluice.localstack.template.ScheduleTrigger;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Runs a template's functions and what invokes them, except the HTTP API. */
public final class LocalLambda implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLambda.class);
  private static final Duration REAP_EVERY = Duration.ofSeconds(15);

  /** How long invocations may go on after a stop. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  /** Then processes may take so long to end, some of them writing their class archive. */
  private static final Duration LONGEST_END = Duration.ofSeconds(20);

  private final LambdaSettings settings;
  private final ProcessLauncher launcher;
  private final Map<String, FunctionPool> pools = new LinkedHashMap<>();
  private final List<FunctionLog> logs = new ArrayList<>();
  private final List<EventSourceMapping> mappings = new ArrayList<>();
  private final Map<String, List<ScheduleRunner>> schedules = new LinkedHashMap<>();
  private final Semaphore starts =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()), true);
  private final ScheduledExecutorService reaper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lambda-reaper").factory());
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable InvokeApi invokeApi;

  private LocalLambda(LambdaSettings settings, ProcessLauncher launcher) {
    this.settings = settings;
    this.launcher = launcher;
  }

  /**
   * Prepares all functions and serves the Invoke API; no process is started and no queue read yet.
   *
   * @param port of the Invoke API; 0 takes a free one
   * @throws IOException if a zip or the runtime is not built, or the port is taken
   */
  public static LocalLambda start(CloudTemplate template, LambdaSettings settings, int port)
      throws IOException {
    ProcessRecords records = new ProcessRecords(settings.state());
    int leftovers = records.killLeftovers();
    if (leftovers > 0) {
      LOG.info("ended {} processes that an earlier run had left behind", leftovers);
    }
    LocalLambda lambda = new LocalLambda(settings, new ProcessLauncher(records));
    try {
      lambda.prepare(template);
      lambda.invokeApi = new InvokeApi(port, lambda);
      return lambda;
    } catch (IOException | RuntimeException e) {
      lambda.close();
      throw e;
    }
  }

  /**
   * Unzips what has changed since the last run, which a start would do otherwise.
   *
   * @param state as in the settings
   * @return the folder of each function's code, by its name
   */
  public static Map<String, Path> unzip(CloudTemplate template, Path state) throws IOException {
    FunctionCode code = new FunctionCode(TaskFolder.of(state));
    Map<String, Path> folders = new LinkedHashMap<>();
    for (FunctionDefinition function : template.functions()) {
      folders.put(function.name(), code.unzipped(function.name(), function.code()));
    }
    return folders;
  }

  private void prepare(CloudTemplate template) throws IOException {
    NativeClient client = NativeClient.of(settings.runtimeJars(), TaskFolder.of(settings.state()));
    Map<String, Path> code = unzip(template, settings.state());
    for (FunctionDefinition function : template.functions()) {
      FunctionLog log = new FunctionLog(settings.state(), function.name(), settings.terminal());
      logs.add(log);
      FunctionRuntime runtime =
          new FunctionRuntime(
              function, settings, client, code.getOrDefault(function.name(), Path.of("")), log);
      pools.put(function.name(), new FunctionPool(runtime, launcher, starts, limit(function)));
    }
    long every = REAP_EVERY.toMillis();
    var unused = reaper.scheduleWithFixedDelay(this::reap, every, every, TimeUnit.MILLISECONDS);
  }

  /** Ends processes that have had nothing to do for their idle lifetime. */
  void reap() {
    pools.values().forEach(FunctionPool::reap);
  }

  private int limit(FunctionDefinition function) {
    int queues = function.queueTriggers().stream().mapToInt(this::concurrency).sum();
    return function.reservedConcurrency().orElse(Math.max(queues, settings.concurrency()));
  }

  private int concurrency(QueueTrigger trigger) {
    return trigger.maximumConcurrency().orElse(settings.concurrency());
  }

  /**
   * Starts reading the queues.
   *
   * @param queueUrl of a queue's ARN
   */
  public void startMappings(
      CloudTemplate template, SqsClient sqs, Function<String, String> queueUrl) {
    for (FunctionDefinition function : template.functions()) {
      FunctionPool pool = pool(function.name());
      for (QueueTrigger trigger : function.queueTriggers()) {
        int concurrency = Math.min(concurrency(trigger), pool.limit());
        String url = queueUrl.apply(trigger.queueArn());
        mappings.add(
            new EventSourceMapping(
                function.name(),
                new MessageSource(sqs, url),
                trigger,
                concurrency,
                settings.longPoll(),
                pool::invoke));
      }
    }
    mappings.forEach(EventSourceMapping::start);
  }

  /** Prepares the schedules and, if they are to run by themselves, starts them. */
  public void startSchedules(CloudTemplate template, boolean running) {
    for (FunctionDefinition function : template.functions()) {
      for (ScheduleTrigger trigger : function.scheduleTriggers()) {
        ScheduleRunner runner =
            new ScheduleRunner(function.name(), trigger, settings, pool(function.name())::invoke);
        schedules.computeIfAbsent(function.name(), name -> new ArrayList<>()).add(runner);
        if (running) {
          runner.start(ScheduleRunner.FIRST);
        }
      }
    }
  }

  /** Runs a function's schedules now, as if their time had come. */
  public List<InvocationResult> fireSchedules(String function) throws InterruptedException {
    List<InvocationResult> results = new ArrayList<>();
    for (ScheduleRunner runner : schedules.getOrDefault(function, List.of())) {
      results.add(runner.fire());
    }
    return results;
  }

  /** Starts one process of the function, if there is none; returns when it is ready. */
  public void warm(String function) throws InterruptedException {
    pool(function).warm();
  }

  public boolean has(String function) {
    return pools.containsKey(function);
  }

  /** Runs the event and returns the handler's answer, waiting for a free process if need be. */
  public InvocationResult invoke(String function, byte[] event) throws InterruptedException {
    return pool(function).invoke(event);
  }

  /** Whether no function has an event in hand, nor is about to get one that was received. */
  public boolean isQuiet() {
    return mappings.stream().allMatch(EventSourceMapping::isQuiet)
        && pools.values().stream().allMatch(FunctionPool::isQuiet);
  }

  /** Looks into every queue now, for whom a clock has made messages visible. */
  public void pollNow() throws InterruptedException {
    List<Long> wanted = mappings.stream().map(EventSourceMapping::wantPoll).toList();
    for (int i = 0; i < wanted.size(); i++) {
      mappings.get(i).awaitPoll(wanted.get(i));
    }
  }

  /** How many processes the function has now. */
  public int processes(String function) {
    return pool(function).size();
  }

  /** Base address of the Invoke API. */
  public URI uri() {
    if (invokeApi == null) {
      throw new IllegalStateException("the Invoke API is not started");
    }
    return invokeApi.uri();
  }

  private FunctionPool pool(String function) {
    FunctionPool pool = pools.get(function);
    if (pool == null) {
      throw new IllegalArgumentException("no function is called " + function);
    }
    return pool;
  }

  /** Stops receiving, lets what is being handled end for a moment, then ends all processes. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    reaper.shutdownNow();
    mappings.forEach(EventSourceMapping::stop);
    schedules.values().forEach(list -> list.forEach(ScheduleRunner::close));
    if (invokeApi != null) {
      invokeApi.close();
    }
    try {
      endProcesses();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mappings.forEach(EventSourceMapping::close);
    launcher.close();
    closeLogs();
  }

  private void endProcesses() throws InterruptedException {
    long end = System.nanoTime() + GRACE.toNanos();
    for (FunctionPool pool : pools.values()) {
      pool.awaitQuiet(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    pools.values().forEach(FunctionPool::close);
    pools.values().forEach(pool -> pool.awaitEnd(LONGEST_END));
    for (EventSourceMapping mapping : mappings) {
      mapping.awaitQuiet(GRACE);
    }
  }

  private void closeLogs() {
    for (FunctionLog log : logs) {
      try {
        log.close();
      } catch (IOException e) {
        LOG.warn("a function's log may miss its last lines", e);
      }
    }
  }
}
