package dev.sluice.localstack.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.fault.Boundary.Side;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Faults faults = new Faults();

  @Test
  void aPlannedFaultHappensOnceAtItsOccurrenceAndSide() {
    faults.begin(FaultPlan.once("embed", "sqs SendMessage", 2, Side.AFTER, Fault.KILL));
    var first = faults.entered("embed", "sqs SendMessage", 1);
    var elsewhere = faults.entered("chunk", "sqs SendMessage", 2);
    var second = faults.entered("embed", "sqs SendMessage", 1);

    assertThat(faults.at(first)).isEqualTo(Fault.PASS);
    assertThat(faults.at(first.after())).isEqualTo(Fault.PASS);
    assertThat(faults.at(elsewhere.after())).isEqualTo(Fault.PASS);
    assertThat(faults.at(second)).isEqualTo(Fault.PASS);
    assertThat(faults.at(second.after())).isEqualTo(Fault.KILL);
    assertThat(faults.at(second.after())).isEqualTo(Fault.PASS);
    assertThat(faults.struck()).containsExactly(second.after());
    assertThat(faults.trace()).hasSize(6);
    assertThat(second.name()).isEqualTo("sqs SendMessage #2");
  }

  @Test
  void aNewPlanCountsAnew() {
    faults.begin(FaultPlan.NONE);
    faults.entered("embed", "received", 1);
    faults.begin(FaultPlan.NONE);
    assertThat(faults.entered("embed", "received", 1).occurrence()).isEqualTo(1);
    assertThat(faults.trace()).isEmpty();
  }

  @Test
  void theClockJumpsAndThenGoesOn() {
    var clock = new PipelineClock(InstantSource.fixed(Instant.EPOCH));
    clock.jump(Duration.ofSeconds(5));
    clock.jump(Duration.ofSeconds(60));
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(65));
    assertThat(clock.offset()).isEqualTo(Duration.ofSeconds(65));
  }
}
