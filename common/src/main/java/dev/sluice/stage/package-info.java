/** How every stage runs: receive, claim, work, commit, emit; outcomes, backoff, leases. */
@NullMarked
package dev.sluice.stage;

import org.jspecify.annotations.NullMarked;
