/** What parsing a document gives: its pages, or the reason why there are none. */
@NullMarked
package dev.sluice.simulator.document;

import org.jspecify.annotations.NullMarked;
