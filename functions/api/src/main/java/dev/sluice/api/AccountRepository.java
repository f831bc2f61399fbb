package dev.sluice.api;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;

/** Accounts to be shown; the transaction's tenant sees its own. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface AccountRepository extends GenericRepository<AccountView, String> {
  /** The tenant's own first, then so many days', the latest first; also where nothing was spent. */
  @Query(
      """
      select w.scope_id, w.scope,
             coalesce(b.spent_nanousd, 0) as spent_nanousd,
             coalesce(b.reserved_nanousd, 0) as reserved_nanousd,
             coalesce(b.limit_nanousd, w.limit_nanousd) as limit_nanousd,
             w.paused
      from (
        select 'tenant' as scope, cast(app_user_id() as text) as scope_id,
               tenant_limit as limit_nanousd, paused
        from spending
        union all
        select 'day', to_char(day, 'YYYY-MM-DD'), day_limit, paused
        from spending
        cross join lateral (
          select date_trunc('day', clock_timestamp() at time zone 'UTC') as today) t
        cross join lateral generate_series(
          today - make_interval(0, 0, 0, :days - 1), today, interval '1 day') as day) w
      left join budgets b
        on b.user_id = app_user_id() and b.scope = w.scope and b.scope_id = w.scope_id
      order by w.scope desc, w.scope_id desc
      """)
  List<AccountView> accounts(int days);
}
