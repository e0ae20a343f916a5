"""A database to look at: as many events as a company has in a month, spread over that
month, and of each kind of work that waits a share. All of it is made by SQL.
"""

from ..database import analyze, fetch
from . import clone

#: Over so many days the events are spread.
DAYS = 30
#: Of so many events, one waits for each of these; the others are done with.
SHARES = {
    "state = 'quarantined', reason = reasons[1 + id % 3]": 100,
    "state = 'received', attempts = id % 3": 400,
    "state = 'parked', waiting_for = 'invoice:in_' || id": 900,
    "state = 'dead', reason = 'retries_exhausted'": 4000,
}
#: So many causes a source has for each reason. It shares no factor with the shares.
CAUSES = 97
_REASONS = "unmapped_product", "unmapped_tax", "period_locked"
_SPREAD = f"""
    UPDATE saas_subscription_event event
       SET received_at = moment, processed_at = moment + pause,
           occurred_at = moment - interval '3 seconds', lane = place
      FROM (SELECT id, date_trunc('second', now() AT TIME ZONE 'UTC')
                       - ((id * 7919) % {DAYS * 86400}) * interval '1 second' AS moment,
                   (id % 37) * interval '1 second' AS pause,
                   CASE WHEN id % 10 = 0 THEN 'batch' ELSE 'realtime' END AS place
              FROM saas_subscription_event) spread
     WHERE spread.id = event.id"""
_LOG = """
    UPDATE saas_sync_log log
       SET logged_at = coalesce(event.processed_at, event.received_at)
      FROM saas_subscription_event event WHERE event.id = log.event_id"""
_CASES = f"""
    INSERT INTO saas_exception (source_id, company_id, reason, cause_key, state,
                                severity, date_due, amount, amount_known)
    SELECT source_id, company_id, reason, 'cause_' || id % {CAUSES}, 'open', 'medium',
           now() AT TIME ZONE 'UTC', 0, TRUE
      FROM saas_subscription_event WHERE state = 'quarantined'
  GROUP BY source_id, company_id, reason, id % {CAUSES}"""
_LINKS = f"""
    INSERT INTO saas_exception_event (case_id, event_id, company_id, is_open)
    SELECT cause.id, event.id, event.company_id, TRUE
      FROM saas_subscription_event event
      JOIN saas_exception cause
        ON cause.source_id = event.source_id AND cause.reason = event.reason
       AND cause.cause_key = 'cause_' || event.id % {CAUSES}
     WHERE event.state = 'quarantined'"""
_PAYOUTS = """
    INSERT INTO saas_payout (source_id, company_id, external_id, state, arrival_date,
                             currency_id, amount, proof_state, proved_at)
    SELECT source.id, company.id, 'po_' || n, 'paid', current_date - n,
           company.currency_id, 1000 + n,
           CASE WHEN n % 10 = 0 THEN 'not_proved' ELSE 'proved' END,
           now() AT TIME ZONE 'UTC'
      FROM saas_source source
      JOIN res_company company ON company.id = source.company_id
     CROSS JOIN generate_series(1, 400) n"""
_DIFFERENCES = """
    INSERT INTO saas_difference (source_id, company_id, kind, external_id, result,
                                 field, state, object_date)
    SELECT id, company_id, 'invoice', 'in_' || n, 'different', 'total',
           CASE WHEN n % 10 = 0 THEN 'open' ELSE 'resolved' END, current_date - n % 120
      FROM saas_source CROSS JOIN generate_series(1, 1000) n"""


def prepare(cursor, count):
    """Let there be ``count`` events at least."""
    [(seeds,)] = fetch(cursor, "SELECT count(*) FROM saas_subscription_event")
    clone.multiply(cursor, -(-count // seeds))
    _spread(cursor)
    analyze(cursor)


def _spread(cursor):
    """Spread all events over the days, and have some wait."""
    cursor.execute(_SPREAD)
    reasons = "(ARRAY['{}'])".format("', '".join(_REASONS))
    for rest, (change, share) in enumerate(SHARES.items()):
        change = change.replace("reasons", reasons)
        cursor.execute(
            f"""UPDATE saas_subscription_event
                   SET {change}, processed_at = NULL, object_kind = 'invoice',
                       object_ref = 'in_' || id / 2, stake_company = id % 900,
                       is_stake_known = TRUE
                 WHERE id % {share} = {rest}"""
        )
    # What is in a copy's log proves nothing, and nobody reads it as a chain.
    cursor.execute("ALTER TABLE saas_sync_log DISABLE TRIGGER USER")
    for statement in (_LOG, _CASES, _LINKS, _PAYOUTS, _DIFFERENCES):
        cursor.execute(statement)
