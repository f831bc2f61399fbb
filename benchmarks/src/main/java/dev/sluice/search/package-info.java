/** How well and how fast neighbours are found, by a tenant's share of the rows. */
@NullMarked
package dev.sluice.search;

import org.jspecify.annotations.NullMarked;
