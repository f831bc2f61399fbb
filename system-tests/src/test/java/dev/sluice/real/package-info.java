/** What is relied on of OpenAI and LlamaParse, asked of themselves and of their simulators. */
@NullMarked
package dev.sluice.real;

import org.jspecify.annotations.NullMarked;
