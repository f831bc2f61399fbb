/**
 * The HTTP server under the gateway and the Lambda interfaces: loopback only, bounded, JDK only.
 */
@NullMarked
package dev.sluice.localstack.http;

import org.jspecify.annotations.NullMarked;
