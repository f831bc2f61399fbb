/** What users call: documents, jobs, search. Every answer that is no success is a problem. */
@NullMarked
package dev.sluice.api;

import org.jspecify.annotations.NullMarked;
