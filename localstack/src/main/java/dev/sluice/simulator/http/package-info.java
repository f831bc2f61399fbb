/** The HTTP side that both simulators share: a loopback server, a request, a reply. */
@NullMarked
package dev.sluice.simulator.http;

import org.jspecify.annotations.NullMarked;
