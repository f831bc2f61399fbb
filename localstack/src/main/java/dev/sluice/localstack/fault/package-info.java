/**
 * Faults from outside: proxies between a function's processes and the servers that it calls, which
 * know where a step begins and ends, and can kill, break, hang or refuse there.
 */
@NullMarked
package dev.sluice.localstack.fault;

import org.jspecify.annotations.NullMarked;
