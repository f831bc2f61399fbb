/** Documents in object storage. */
@NullMarked
package dev.sluice.storage;

import org.jspecify.annotations.NullMarked;
