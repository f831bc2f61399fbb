/**
 * Transactions behind the tenant's and the document's fence, and the statements that stages share.
 */
@NullMarked
package dev.sluice.postgres;

import org.jspecify.annotations.NullMarked;
