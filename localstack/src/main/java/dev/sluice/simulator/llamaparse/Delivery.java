package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.llamaparse.Job.OwedCallback;

/**
 * A callback on its way.
 *
 * @param number the order in which the callbacks fell due
 * @param fault what goes wrong with it
 */
record Delivery(
    long number, Job job, OwedCallback callback, CallbackMessage message, Fault fault) {}
