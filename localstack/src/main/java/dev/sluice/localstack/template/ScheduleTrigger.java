package dev.sluice.localstack.template;

import java.time.Duration;

/**
 * A schedule that invokes a function.
 *
 * @param name the event's key in the template
 * @param rate from one start to the next
 * @param retries how often a failed invocation is tried again; AWS's default is 185 within a day
 */
public record ScheduleTrigger(String name, Duration rate, int retries) {}
