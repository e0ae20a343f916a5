"""The query behind the clearing balance: each part of it in a source's currency."""

from ...canonical.categories import Category
from ...canonical.reasons import OPEN_STATES, Reason, State

#: What events that wait would move, each object once. A movement's own net amount goes
#: before what its object says; what was read of it already, or what people decided
#: about, is not told a second time. What moved before the cut-over is of other books,
#: whose closing entry has it.
_WAITING = """
    told AS (
        SELECT event.id AS event_id, event.source_id, event.company_id, stake.*
        FROM saas_subscription_event event
        JOIN saas_source source ON source.id = event.source_id,
             jsonb_to_recordset(event.stakes) AS stake(
                 category text, refs jsonb, currency text, exponent integer,
                 minor bigint, movement text, is_exact boolean, moved_at text)
        WHERE event.stakes IS NOT NULL
          AND (source.cutover_date IS NULL OR coalesce(stake.moved_at, '') = ''
               OR CASE WHEN length(stake.moved_at) = 10 THEN stake.moved_at::date
                  ELSE (stake.moved_at::timestamptz AT TIME ZONE source.tz)::date
                  END >= source.cutover_date)
    ),
    open_told AS (
        SELECT told.* FROM told
        WHERE NOT EXISTS (
            SELECT 1 FROM saas_balance_transaction read
            WHERE read.source_id = told.source_id
              AND read.external_id = told.movement
        ) AND NOT EXISTS (
            SELECT 1 FROM saas_balance_transaction read
            WHERE read.source_id = told.source_id AND read.category = told.category
              AND NOT told.is_exact
              AND (read.object_ref = ANY(ARRAY(
                       SELECT jsonb_array_elements_text(told.refs)))
                   OR read.object_alias = ANY(ARRAY(
                       SELECT jsonb_array_elements_text(told.refs))))
        ) AND NOT EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT ON (kind, external_id) choice
                FROM saas_resolution decision
                WHERE decision.source_id = told.source_id
                  AND decision.external_id = ANY(ARRAY(
                       SELECT jsonb_array_elements_text(told.refs)) || told.movement)
                  AND decision.kind != 'invoice'
                ORDER BY kind, external_id, id DESC
            ) newest WHERE choice != 'open'
        )
    ),
    exact AS (
        SELECT DISTINCT ON (source_id, movement) * FROM open_told
        WHERE is_exact ORDER BY source_id, movement, event_id DESC
    ),
    stated AS (
        SELECT DISTINCT ON (source_id, category, refs->>0) * FROM open_told
        WHERE NOT is_exact AND currency != '' AND NOT EXISTS (
            SELECT 1 FROM exact
            WHERE exact.source_id = open_told.source_id
              AND (exact.movement = open_told.movement
                   OR exact.category = open_told.category
                  AND exact.refs ?| ARRAY(
                      SELECT jsonb_array_elements_text(open_told.refs)))
        )
        ORDER BY source_id, category, refs->>0, abs(minor) DESC
    ),
    waiting AS (
        SELECT part.source_id, part.company_id, currency.id AS currency_id,
               minor / (10::numeric ^ exponent) AS amount
        FROM (SELECT * FROM exact UNION ALL SELECT * FROM stated) part
        JOIN res_currency currency ON currency.name = part.currency
    ),
    unread AS (
        SELECT source_id, company_id FROM saas_subscription_event
        WHERE state = %(received)s
        UNION ALL
        SELECT source_id, company_id FROM saas_subscription_event
        WHERE state IN %(open)s AND object_refs IS NULL
          AND coalesce(reason, '') NOT IN %(not_ours)s
        UNION ALL
        SELECT source_id, company_id FROM told WHERE currency = ''
    )
"""

#: The parts that are booked, and those that were read.
_KNOWN = """
    SELECT source.id AS source_id, source.company_id, line.currency_id,
           line.amount_currency AS booked, 0 AS stated, 0 AS waiting,
           0 AS waiting_count, 0 AS unread_count, 0 AS in_transit,
           CASE WHEN binding.id IS NULL THEN 0
                ELSE line.amount_currency END AS held,
           CASE WHEN line.date <= source.cutover_date
                 AND move.saas_source_id IS NULL
                 AND move.origin_payment_id IS NULL
                 AND move.reversed_entry_id IS NULL
                THEN line.amount_currency ELSE 0 END AS opening,
           0 AS decided, 0 AS reserved
    FROM saas_source source
    JOIN account_journal journal ON journal.id = source.clearing_journal_id
    JOIN account_move_line line
      ON line.account_id = journal.default_account_id
     AND line.company_id = source.company_id
     AND line.parent_state = 'posted'
    JOIN account_move move ON move.id = line.move_id
    LEFT JOIN saas_binding binding
      ON binding.res_model = 'account.move'
     AND binding.res_id = line.move_id
     AND binding.source_id = source.id
     AND binding.kind = 'cash_balance_entry'
    UNION ALL
    SELECT source_id, company_id, currency_id, 0, net, 0, 0, 0, 0, 0, 0,
           CASE WHEN match_state = 'decided' THEN difference ELSE 0 END, 0
    FROM saas_balance_transaction WHERE category != %(reserve)s
    UNION ALL
    SELECT source_id, company_id, currency_id, 0, 0, 0, 0, 0, amount, 0, 0, 0, 0
    FROM saas_payout WHERE state IN ('pending', 'in_transit')
    UNION ALL
    SELECT source.id, source.company_id, line.currency_id, 0, 0, 0, 0, 0, 0, 0, 0, 0,
           line.amount_currency
    FROM saas_source source
    JOIN account_move_line line
      ON line.account_id = source.reserve_account_id
     AND line.company_id = source.company_id
     AND line.parent_state = 'posted'
    JOIN account_move move
      ON move.id = line.move_id AND move.saas_source_id = source.id
"""

#: The parts that wait: what nobody could read yet may be in any currency.
_LEFT_OUT = """
    SELECT source_id, company_id, currency_id, 0, amount, amount, 1, 0, 0, 0, 0, 0, 0
    FROM waiting
    UNION ALL
    SELECT unread.source_id, unread.company_id, company.currency_id,
           0, 0, 0, 0, 1, 0, 0, 0, 0, 0
    FROM unread JOIN res_company company ON company.id = unread.company_id
"""

QUERY = f"""
    WITH {_WAITING},
    sums AS (
        SELECT source_id, company_id, currency_id, sum(booked) AS booked,
               sum(stated) AS stated, sum(waiting) AS waiting,
               sum(waiting_count)::integer AS waiting_count,
               (sum(sum(unread_count)) OVER (PARTITION BY source_id))::integer
                   AS unread_count,
               sum(in_transit) AS in_transit, sum(reserved) AS reserved,
               sum(held) AS held, sum(opening) AS opening, sum(decided) AS decided
        FROM ({_KNOWN} UNION ALL {_LEFT_OUT}) parts
        GROUP BY source_id, company_id, currency_id
    ),
    compared AS (
        SELECT *, booked - stated - in_transit - held - opening + decided
                   AS difference
        FROM sums
    )
    SELECT row_number() OVER (ORDER BY source_id, currency_id) AS id, *,
           CASE WHEN difference != 0 THEN 'different'
                WHEN waiting_count + unread_count > 0 THEN 'incomplete'
                WHEN decided != 0 THEN 'decided'
                ELSE 'proved' END AS proof_state
    FROM compared
"""

VALUES = {
    "reserve": Category.RESERVE_SIDE.value,
    "received": State.RECEIVED.value,
    "open": tuple(state.value for state in OPEN_STATES),
    "not_ours": (Reason.WRONG_MODE.value, Reason.UNKNOWN_ACCOUNT.value),
}
