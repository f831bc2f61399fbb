/**
 * The whole cloud on one machine: the servers, the simulators of the providers, and the functions
 * of {@code template.yaml} between them.
 */
@NullMarked
package dev.sluice.localstack;

import org.jspecify.annotations.NullMarked;
