package dev.sluice.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.simulator.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanReaderTest {
  private static FaultPlan read(String json) throws BadPlan {
    return PlanReader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsEveryFieldAndWritesItBack() throws Exception {
    String json =
        """
        {"seed":-7,"rules":[
          {"provider":"openai","operation":"embeddings","fault":"status","rate":0.25,"every":2,\
        "after":3,"first":40,"count":5,"latency_ms":10,"status":429,"code":"rate_limit_exceeded",\
        "retry_after_ms":1500},
          {"provider":"llamaparse","operation":"get","fault":"job_status","job_status":"PENDING"},
          {"provider":"llamaparse","operation":"callback","fault":"lost"}]}
        """;
    FaultPlan plan = read(json);

    assertThat(plan.seed()).isEqualTo(-7);
    assertThat(plan.rules())
        .containsExactly(
            new FaultRule(
                Operation.EMBEDDINGS,
                FaultKind.STATUS,
                new Selection(0.25, 2, 3, 40, 5),
                new Parameters(
                    Duration.ofMillis(10),
                    429,
                    "rate_limit_exceeded",
                    Duration.ofMillis(1500),
                    null)),
            new FaultRule(
                Operation.GET,
                FaultKind.JOB_STATUS,
                Selection.ALWAYS,
                new Parameters(Duration.ZERO, null, null, null, "PENDING")),
            FaultRule.always(Operation.CALLBACK, FaultKind.LOST));
    assertThat(Json.MAPPER.valueToTree(PlanWriter.write(plan)).toString())
        .isEqualTo(Json.MAPPER.readTree(json).toString());
  }

  @Test
  void concludesTheFaultFromItsParameters() throws Exception {
    FaultPlan plan =
        read(
            """
            {"rules":[{"provider":"openai","operation":"embeddings","code":"insufficient_quota"},
                      {"provider":"openai","operation":"embeddings","latency_ms":5}]}
            """);

    assertThat(plan.rules())
        .extracting(FaultRule::fault)
        .containsExactly(FaultKind.STATUS, FaultKind.LATENCY);
    assertThat(read("{\"rules\":[]}")).isEqualTo(FaultPlan.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [                                                                | plan
          [1]                                                              | plan
          {}                                                               | rules
          {"rules":{}}                                                     | rules
          {"rules":[],"sead":1}                                            | sead
          {"rules":[],"seed":1.5}                                          | seed
          {"rules":[],"seed":99999999999999999999}                         | seed
          {"rules":[1]}                                                    | rules[0]
          {"rules":[{"provider":"aws"}]}                                   | rules[0].provider
          {"rules":[{"provider":"openai","operation":"submit"}]}           | rules[0].operation
          {"rules":[{"provider":"openai","operation":"embeddings"}]}       | rules[0].fault
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"lost"}]} | rules[0].fault
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"latency"}]} | rules[0].latency_ms
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","rate":1.1}]} | rules[0].rate
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","rate":"1"}]} | rules[0].rate
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","every":0}]} | rules[0].every
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","first":0}]} | rules[0].first
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","after":-1}]} | rules[0].after
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","count":1.5}]} | rules[0].count
          {"rules":[{"provider":"openai","operation":"embeddings","status":99}]} | rules[0].status
          {"rules":[{"provider":"openai","operation":"embeddings","code":"a b"}]} | rules[0].code
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","latency_ms":-1}]} | rules[0].latency_ms
          {"rules":[{"provider":"openai","operation":"embeddings","fault":"nan","rte":1}]} | rules[0].rte
          """)
  void namesTheFieldThatIsWrong(String json, String field) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(BadPlan.class, bad -> assertThat(bad.field()).isEqualTo(field))
        .hasMessageStartingWith(field + " ");
  }
}
