package dev.sluice.api;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's account, or that of one of its days; in billionths of a dollar.
 *
 * @param scope {@code tenant} or {@code day}
 * @param scopeId the tenant, or the day (UTC) as {@code 2026-01-31}
 * @param reservedNanousd for calls that are not settled
 * @param limitNanousd null for none
 * @param paused whether no paid call is made at all
 */
@MappedEntity("budgets")
record AccountView(
    @Id String scopeId,
    String scope,
    long spentNanousd,
    long reservedNanousd,
    @Nullable Long limitNanousd,
    boolean paused) {}
