/**
 * PostgreSQL with pgvector on one machine: found, built or pointed at; started, migrated and
 * stopped.
 */
@NullMarked
package dev.sluice.localstack.postgres;

import org.jspecify.annotations.NullMarked;
