"""The figures of the pages as a person would ask PostgreSQL for them, by a ``GROUP BY``
each. Every row is a figure's name, its company, its source, its other labels with
spaces between them, and its value.
"""

_NOW = "date_trunc('second', now() AT TIME ZONE 'UTC')"
_LAGGED = """('invoice_posted', 'credit_note_posted', 'payment_posted',
              'refund_posted', 'payout_entry_posted')"""
_KIND = """CASE action WHEN 'invoice_posted' THEN 'invoice'
                       WHEN 'credit_note_posted' THEN 'credit_note'
                       WHEN 'payment_posted' THEN 'payment'
                       WHEN 'refund_posted' THEN 'refund' ELSE 'payout' END"""
_AGE = """CASE WHEN current_date - item.date_maturity <= 0 THEN 'not_due'
               WHEN current_date - item.date_maturity <= 30 THEN '1-30'
               WHEN current_date - item.date_maturity <= 60 THEN '31-60'
               WHEN current_date - item.date_maturity <= 90 THEN '61-90'
               ELSE 'over_90' END"""
_PAST_MONTHS = """(SELECT (date_trunc('month', current_date)
                           - make_interval(months => n))::date AS first
                     FROM generate_series(1, 3) n)"""
_OPERATIONS = (
    f"""WITH waiting AS (
            SELECT company_id, source_id, coalesce(lane, 'realtime') AS lane,
                   count(*) AS count,
                   min(greatest(received_at, write_date, retry_at)) AS oldest,
                   count(*) FILTER (WHERE attempts > 0) AS tried
              FROM saas_subscription_event WHERE state = 'received' GROUP BY 1, 2, 3)
        SELECT 'saas_events_waiting', company_id, source_id, lane, count FROM waiting
         UNION ALL
        SELECT 'saas_events_waiting_oldest_seconds', company_id, source_id, lane,
               greatest(0, extract(epoch FROM {_NOW} - oldest)) FROM waiting
         UNION ALL
        SELECT 'saas_events_retrying', company_id, source_id, lane, tried
          FROM waiting WHERE tried > 0""",
    """SELECT 'saas_events_open', company_id, source_id,
              state || ' ' || coalesce(reason, ''), count(*)
         FROM saas_subscription_event
        WHERE state IN ('parked', 'quarantined', 'dead')
     GROUP BY company_id, source_id, state, reason""",
    f"""WITH done AS (
            SELECT company_id, source_id, coalesce(lane, 'realtime') AS lane,
                   count(*) AS day,
                   count(*) FILTER (
                       WHERE processed_at > {_NOW} - interval '1 hour') AS hour,
                   percentile_cont('{{0.5,0.95,0.99}}'::float[]) WITHIN GROUP (
                       ORDER BY extract(epoch FROM processed_at - received_at)) AS times
              FROM saas_subscription_event
             WHERE processed_at > {_NOW} - interval '1 day' GROUP BY 1, 2, 3)
        SELECT 'saas_events_processed', company_id, source_id, lane || ' day', day
          FROM done
         UNION ALL
        SELECT 'saas_events_processed', company_id, source_id, lane || ' hour', hour
          FROM done
         UNION ALL
        SELECT 'saas_event_latency_seconds', company_id, source_id,
               lane || ' ' || label, times[place]
          FROM done CROSS JOIN (VALUES (1, '0.5'), (2, '0.95'), (3, '0.99'))
               quantile (place, label)""",
    f"""SELECT 'hours', NULL, NULL, date_trunc('hour', processed_at)::text, count(*)
          FROM saas_subscription_event
         WHERE processed_at > {_NOW} - interval '1 day' GROUP BY 4""",
    f"""SELECT 'hours_p95', NULL, NULL, date_trunc('hour', processed_at)::text,
               percentile_cont(0.95) WITHIN GROUP (
                   ORDER BY extract(epoch FROM processed_at - received_at))
          FROM saas_subscription_event
         WHERE processed_at > {_NOW} - interval '1 day' GROUP BY 4""",
)
_SOURCES = (
    f"""SELECT 'saas_source_silence_seconds', company_id, source_id, '',
               extract(epoch FROM {_NOW} - max(received_at))
          FROM saas_subscription_event GROUP BY company_id, source_id""",
    f"""WITH heard AS (
            SELECT company_id, source_id,
                   floor(extract(epoch FROM {_NOW} - received_at) / 3600) AS ago
              FROM saas_subscription_event
             WHERE received_at > {_NOW} - interval '672 hours' GROUP BY 1, 2, 3),
        expected AS (
            SELECT company_id, source_id, ago % 168 AS ago,
                   count(*) FILTER (WHERE ago >= 168) AS before,
                   bool_or(ago < 168) AS is_heard
              FROM heard GROUP BY 1, 2, 3)
        SELECT 'saas_source_usual_pause_seconds', company_id, source_id, '',
               3600 * max(pause)
          FROM (SELECT *, ago - lag(ago) OVER (
                             PARTITION BY source_id ORDER BY ago) AS pause
                  FROM heard) pauses
      GROUP BY company_id, source_id HAVING count(*) >= 14
         UNION ALL
        SELECT 'saas_source_availability_ratio', company_id, source_id, '',
               count(*) FILTER (WHERE is_heard)::numeric / count(*)
          FROM expected WHERE before >= 2 GROUP BY company_id, source_id""",
    """SELECT 'saas_source_active', company_id, id, '', (state = 'active')::int
         FROM saas_source""",
    f"""SELECT 'saas_streams', cursor.company_id, cursor.source_id,
               CASE WHEN moved_at + make_interval(mins => 5 * minutes) < {_NOW}
                    THEN 'standing_still'
                    WHEN failures > 0 THEN 'failing' ELSE 'moving' END, count(*)
          FROM saas_cursor cursor JOIN saas_source source
            ON source.id = cursor.source_id
         WHERE source.state = 'active' GROUP BY 2, 3, 4""",
    f"""WITH jobs AS (
            SELECT channel, state, count(*) AS count, min(date_created) AS oldest
              FROM queue_job
             WHERE channel LIKE 'root.saas%' AND state NOT IN ('done', 'cancelled')
          GROUP BY channel, state)
        SELECT 'saas_jobs', NULL, NULL, channel || ' ' || state, count FROM jobs
         UNION ALL
        SELECT 'saas_jobs_oldest_seconds', NULL, NULL, channel || ' ' || state,
               extract(epoch FROM {_NOW} - oldest) FROM jobs""",
    """SELECT 'saas_alerts_open', company_id, source_id, kind, count(*)
         FROM saas_alert WHERE state = 'open' GROUP BY 2, 3, 4""",
)
_POSTINGS = (
    f"""WITH posted AS (
            SELECT log.company_id, log.source_id, {_KIND} AS kind, count(*) AS count,
                   percentile_cont('{{0.5,0.95}}'::float[]) WITHIN GROUP (
                       ORDER BY extract(epoch FROM log.logged_at - event.occurred_at))
                       AS times
              FROM saas_sync_log log
              JOIN saas_subscription_event event ON event.id = log.event_id
             WHERE log.logged_at > {_NOW} - interval '7 days'
               AND log.action IN {_LAGGED} GROUP BY 1, 2, 3)
        SELECT 'saas_posted', company_id, source_id, kind, count FROM posted
         UNION ALL
        SELECT 'saas_posting_lag_seconds', company_id, source_id,
               kind || ' ' || label, times[place]
          FROM posted CROSS JOIN (VALUES (1, '0.5'), (2, '0.95'))
               quantile (place, label)""",
    f"""SELECT 'saas_posted_without_person_ratio', company_id, source_id, '',
               count(*) FILTER (WHERE NOT EXISTS (
                   SELECT FROM saas_sync_log other
                    WHERE other.event_id = log.event_id
                      AND (other.actor NOT IN ('pipeline', '__system__')
                           OR other.action IN ('event_quarantined', 'event_dead'))
               ))::numeric / count(*)
          FROM saas_sync_log log
         WHERE logged_at > {_NOW} - interval '7 days' AND action IN {_LAGGED}
      GROUP BY company_id, source_id""",
)
_RECEIVABLES = f"""
    SELECT item.company_id, {_AGE} || ' ' || currency.name AS labels,
           count(*) AS count, sum(item.amount_residual) AS amount
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_move move ON move.id = item.move_id
      JOIN res_currency currency ON currency.id = item.company_currency_id
     WHERE item.parent_state = 'posted' AND NOT item.reconciled
       AND account.account_type = 'asset_receivable'
       AND move.saas_source_id IS NOT NULL AND move.move_type = 'out_invoice'
  GROUP BY 1, 2"""
_UNMATCHED = """
    SELECT item.company_id, currency.name AS labels, count(*) AS count,
           -sum(item.amount_residual_currency) AS amount
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_payment payment ON payment.id = item.payment_id
      JOIN res_currency currency ON currency.id = item.currency_id
     WHERE item.parent_state = 'posted' AND NOT item.reconciled
       AND account.account_type = 'asset_receivable'
       AND payment.saas_source_id IS NOT NULL AND payment.payment_type = 'inbound'
  GROUP BY 1, 2"""
_UNPROVED = """
    SELECT payout.company_id, source_id, currency.name AS labels, count(*) AS count,
           sum(amount) AS amount, current_date - min(arrival_date) AS oldest
      FROM saas_payout payout
      JOIN res_currency currency ON currency.id = payout.currency_id
     WHERE payout.state = 'paid' AND proof_state IN ('no_data', 'not_proved')
  GROUP BY 1, 2, 3"""
_MONEY = (
    f"""WITH found AS ({_RECEIVABLES})
        SELECT 'saas_receivables', company_id, NULL, labels, count FROM found
         UNION ALL
        SELECT 'saas_receivables_amount', company_id, NULL, labels, amount
          FROM found""",
    f"""WITH found AS ({_UNMATCHED})
        SELECT 'saas_unmatched_payments', company_id, NULL, labels, count FROM found
         UNION ALL
        SELECT 'saas_unmatched_payments_amount', company_id, NULL, labels, amount
          FROM found""",
    f"""WITH found AS ({_UNPROVED})
        SELECT 'saas_payouts_unproved', company_id, source_id, labels, count FROM found
         UNION ALL
        SELECT 'saas_payouts_unproved_amount', company_id, source_id, labels, amount
          FROM found
         UNION ALL
        SELECT 'saas_payouts_unproved_oldest_days', company_id, source_id, labels,
               oldest FROM found""",
)
_WEEK = (
    f"""SELECT 'saas_exceptions_ratio', company_id, source_id, reason, count / total
          FROM (SELECT company_id, source_id, reason, state,
                       count(*)::numeric AS count,
                       sum(count(*)) OVER (PARTITION BY source_id) AS total
                  FROM saas_subscription_event
                 WHERE received_at > {_NOW} - interval '7 days'
              GROUP BY company_id, source_id, reason, state) recent
         WHERE state IN ('quarantined', 'dead')""",
    f"""SELECT 'tenants', NULL, NULL, row_number() OVER (ORDER BY waits DESC)::text,
               waits
          FROM (SELECT tenant_id, count(*),
                       count(*) FILTER (
                           WHERE state IN ('quarantined', 'dead')) AS waits
                  FROM saas_subscription_event
                 WHERE received_at > {_NOW} - interval '7 days'
              GROUP BY tenant_id ORDER BY waits DESC LIMIT 10) tenant""",
)
_MONTHS = (
    f"""SELECT 'saas_month_open_proofs', company_id, NULL,
               to_char(first, 'YYYY-MM') || ' payouts', count(*)
          FROM saas_payout JOIN {_PAST_MONTHS} month
            ON date_trunc('month', arrival_date) = first
         WHERE state = 'paid' AND proof_state IN ('no_data', 'not_proved')
      GROUP BY 2, 4""",
    f"""SELECT 'saas_month_open_proofs', company_id, NULL,
               to_char(first, 'YYYY-MM') || ' differences', count(*)
          FROM saas_difference JOIN {_PAST_MONTHS} month
            ON date_trunc('month', object_date) = first
         WHERE state = 'open' GROUP BY 2, 4""",
    f"""SELECT 'saas_month_open_proofs', company_id, NULL,
               to_char(first, 'YYYY-MM') || ' days', count(*)
          FROM saas_source source CROSS JOIN {_PAST_MONTHS} month
         CROSS JOIN generate_series(
               first, first + interval '1 month - 1 day', interval '1 day') day
         WHERE NOT EXISTS (
               SELECT FROM saas_reconciliation run
                WHERE run.source_id = source.id AND run.state = 'done'
                  AND day BETWEEN run.date_from AND run.date_to)
      GROUP BY 2, 4""",
    f"""SELECT 'saas_month_open_proofs', company_id, NULL,
               to_char(first, 'YYYY-MM') || ' events', count(*)
          FROM saas_subscription_event JOIN {_PAST_MONTHS} month
            ON date_trunc('month', occurred_at) = first
         WHERE state IN ('received', 'parked', 'quarantined', 'dead')
      GROUP BY 2, 4""",
)
_STAKES = """
    SELECT 'home', NULL, NULL, 'stakes', sum(amount)
      FROM (SELECT event.source_id, object_kind, object_ref,
                   max(stake_company) AS amount
              FROM saas_exception cause
              JOIN saas_exception_event link
                ON link.case_id = cause.id AND link.is_open
              JOIN saas_subscription_event event ON event.id = link.event_id
             WHERE cause.state = 'open' GROUP BY 1, 2, 3) stake"""
#: The tiles of the page that are numbers of rows: their tables, and which rows.
_COUNTED = {
    "waiting": "saas_subscription_event WHERE state = 'received'",
    "dead": "saas_subscription_event WHERE state = 'dead'",
    "alerts": "saas_alert WHERE state = 'open'",
    "differences": "saas_difference WHERE state = 'open'",
    "disputes": """saas_dispute WHERE state IN (
        'warning_needs_response', 'needs_response', 'appeal_needs_response')""",
    "proposals": "saas_tenant_proposal WHERE state = 'open'",
    "paused": "saas_source WHERE state = 'paused'",
    "failed_jobs": "queue_job WHERE state = 'failed' AND channel LIKE 'root.saas%'",
}
_HOME = (
    """SELECT 'waits', NULL, NULL, reason, count(*)
         FROM saas_subscription_event WHERE state IN ('quarantined', 'dead')
     GROUP BY reason""",
    _STAKES,
    f"""SELECT 'home', NULL, NULL, 'unmatched', sum(amount)
          FROM ({_UNMATCHED}) found""",
    f"""SELECT 'home', NULL, NULL, 'unproved', sum(amount) FROM ({_UNPROVED}) found""",
    f"""SELECT 'home', NULL, NULL, 'overdue', sum(amount) FROM ({_RECEIVABLES}) found
         WHERE labels NOT LIKE 'not_due%'""",
    *(
        f"SELECT 'home', NULL, NULL, '{name}', count(*) FROM {rows}"
        for name, rows in _COUNTED.items()
    ),
)

#: By page. What two pages show, each asks for.
QUERIES = {
    "get_operations": (*_OPERATIONS, *_SOURCES),
    "get_finance": (*_POSTINGS, *_MONEY, *_WEEK, *_MONTHS),
    "get_home": _HOME,
}
