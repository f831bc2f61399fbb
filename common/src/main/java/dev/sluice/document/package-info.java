/** The domain: documents, jobs, statuses, ids and hashes. Needs nothing but java.*. */
@NullMarked
package dev.sluice.document;

import org.jspecify.annotations.NullMarked;
