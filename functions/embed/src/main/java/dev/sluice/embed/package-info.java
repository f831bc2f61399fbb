/** One micro-batch of texts to vectors; whoever finds no batch open sends the job on. */
@NullMarked
package dev.sluice.embed;

import org.jspecify.annotations.NullMarked;
