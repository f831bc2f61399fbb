package dev.sluice.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The memory of processes over time. */
final class MemoryLog {
  private record Sample(double at, long bytes) {}

  private record Process(String function, List<Sample> samples) {
    double lived() {
      return samples.getLast().at - samples.getFirst().at;
    }

    long peak() {
      return samples.stream().mapToLong(Sample::bytes).max().orElse(0);
    }

    double growth() {
      double quarter = samples.getFirst().at + lived() / 4;
      long then =
          samples.stream()
              .filter(sample -> sample.at >= quarter)
              .mapToLong(Sample::bytes)
              .findFirst()
              .orElse(0);
      return then == 0 ? 0 : (double) samples.getLast().bytes / then;
    }
  }

  private final Map<Long, Process> processes = new HashMap<>();

  /**
   * What was seen.
   *
   * @param grownFunction of the process that grew most among those that lived half the run; blank
   *     if none did
   * @param growth its memory at the end over that after the first quarter of its life
   * @param steady how many processes lived half the run
   * @param largestFunction of the largest process of all
   * @param largest its bytes
   * @param processes the most that ran at once
   */
  record Memory(
      String grownFunction,
      double growth,
      int steady,
      String largestFunction,
      long largest,
      int processes) {}

  /**
   * @param at seconds since some moment
   */
  synchronized void add(double at, long pid, String function, long bytes) {
    processes
        .computeIfAbsent(pid, id -> new Process(function, new ArrayList<>()))
        .samples
        .add(new Sample(at, bytes));
  }

  synchronized Memory seen() {
    double begin = ends().min().orElse(0);
    double end = ends().max().orElse(0);
    Memory memory = new Memory("", 0, 0, "", 0, mostAtOnce());
    for (Process process : processes.values()) {
      memory = with(memory, process, process.lived() * 2 >= end - begin);
    }
    return memory;
  }

  private DoubleStream ends() {
    return processes.values().stream()
        .flatMapToDouble(
            process ->
                DoubleStream.of(process.samples.getFirst().at, process.samples.getLast().at));
  }

  private static Memory with(Memory memory, Process process, boolean steady) {
    boolean grownMore = steady && process.growth() > memory.growth;
    boolean larger = process.peak() > memory.largest;
    return new Memory(
        grownMore ? process.function : memory.grownFunction,
        grownMore ? process.growth() : memory.growth,
        memory.steady + (steady ? 1 : 0),
        larger ? process.function : memory.largestFunction,
        larger ? process.peak() : memory.largest,
        memory.processes);
  }

  private int mostAtOnce() {
    Map<Double, Integer> counts = new HashMap<>();
    for (Process process : processes.values()) {
      process.samples.forEach(sample -> counts.merge(sample.at, 1, Integer::sum));
    }
    return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
