package dev.sluice.cli.bench;

import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.fault.Faults;
import dev.sluice.localstack.fault.FunctionGates;
import dev.sluice.localstack.fault.FunctionGates.Server;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A cloud with a gate before every server. */
record SoakCloud(BenchCloud cloud, FunctionGates gates) implements AutoCloseable {
  /** What each function calls. */
  static final Map<String, Set<Server>> FUNCTIONS = functions();

  private static Map<String, Set<Server>> functions() {
    Map<String, Set<Server>> all = new LinkedHashMap<>();
    all.put("api", EnumSet.of(Server.POSTGRES, Server.OPENAI));
    all.put("webhook", EnumSet.of(Server.POSTGRES, Server.SQS));
    all.put("parse", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3, Server.LLAMAPARSE));
    all.put("validate", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    all.put("chunk", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    all.put("embed", EnumSet.of(Server.POSTGRES, Server.SQS, Server.OPENAI));
    all.put("finalize", EnumSet.of(Server.POSTGRES, Server.SQS));
    all.put("sweep", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    return all;
  }

  static SoakCloud start(BenchSite site, int executions) throws IOException, InterruptedException {
    CloudPorts ports = CloudPorts.free();
    FunctionGates gates = FunctionGates.open(FUNCTIONS, ports, new Faults());
    try {
      return new SoakCloud(
          BenchCloud.start(
              site,
              executions,
              ports,
              options -> options.withFunctions(gates.environment(), List.of())),
          gates);
    } catch (IOException | InterruptedException | RuntimeException e) {
      gates.close();
      throw e;
    }
  }

  @Override
  public void close() {
    cloud.close();
    gates.close();
  }
}
