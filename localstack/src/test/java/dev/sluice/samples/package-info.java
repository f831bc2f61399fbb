/**
 * Makes the documents that tests parse: the insurance policy that the repository ships, and the
 * awkward ones that nobody should have to keep in a repository.
 */
@NullMarked
package dev.sluice.samples;

import org.jspecify.annotations.NullMarked;
