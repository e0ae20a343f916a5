"""Holds what was billed against what ought to be, by SQL alone."""

from collections import Counter

from ..verdict import Verdict
from . import company

#: A row for each charge, and for the line of the invoice that it stands on.
_CHARGES = """
    SELECT tenant.name, subscription.external_id, component.code, charge.kind,
           charge.period_start::text, charge.period_end::text,
           charge.service_from::text, charge.service_to::text, charge.quantity,
           charge.amount, charge.exponent, line.name, line.price_subtotal::text
      FROM saas_charge charge
      JOIN saas_tenant tenant ON tenant.id = charge.tenant_id
      JOIN saas_subscription subscription ON subscription.id = charge.subscription_id
      JOIN saas_plan_component component ON component.id = charge.component_id
      JOIN account_move_line line ON line.id = charge.move_line_id
      JOIN account_move move ON move.id = line.move_id AND move.id = charge.move_id
     WHERE move.state = 'posted'"""

#: A row for each document, with its whole journal entry. The day is left out: runs that
#: are compared may be on two sides of midnight.
_DOCUMENTS = """
    SELECT tenant.name, move.move_type, move.state, move.payment_state,
           move.amount_total::text, move.amount_residual::text, entry.lines
      FROM account_move move
 LEFT JOIN saas_tenant tenant ON tenant.id = move.saas_tenant_id
 LEFT JOIN LATERAL (
           SELECT string_agg(
                      concat_ws(' ', line.account_id, line.display_type, line.balance,
                                line.amount_currency, line.tax_line_id),
                      '; ' ORDER BY line.account_id, line.balance, line.name) AS lines
             FROM account_move_line line WHERE line.move_id = move.id) entry ON true"""

#: A row for each sequence of numbers that has a gap, or the same number twice.
_GAPS = """
    SELECT journal_id, sequence_prefix, MIN(sequence_number), MAX(sequence_number),
           COUNT(*), COUNT(DISTINCT sequence_number)
      FROM account_move WHERE state = 'posted'
  GROUP BY journal_id, sequence_prefix
    HAVING MIN(sequence_number) <> 1 OR MAX(sequence_number) <> COUNT(*)
        OR COUNT(DISTINCT sequence_number) <> COUNT(*)"""

#: What became of tenants, over all runs.
_ITEMS = """
    SELECT tenant.name, item.state, item.reason, COUNT(*),
           BOOL_AND(COALESCE(item.detail, '') <> '')
      FROM saas_billing_item item JOIN saas_tenant tenant ON tenant.id = item.tenant_id
  GROUP BY tenant.name, item.state, item.reason"""

#: Runs that did not end as they should. Who was refused leaves a draft behind.
_RUNS = """
    SELECT run.id, run.state, run.total_count, run.done_count, run.failed_count,
           run.document_count, run.last_error
      FROM saas_billing_run run
 LEFT JOIN LATERAL (
           SELECT COUNT(*) AS all, COUNT(*) FILTER (WHERE state = 'done') AS done,
                  COUNT(*) FILTER (WHERE state = 'failed') AS failed
             FROM saas_billing_item WHERE run_id = run.id) item ON true
 LEFT JOIN LATERAL (
           SELECT COUNT(DISTINCT charge.move_id) AS count
             FROM saas_charge charge JOIN saas_billing_item own
               ON own.id = charge.item_id AND own.run_id = run.id) document ON true
     WHERE run.state <> 'draft'
       AND (run.state, run.total_count, run.done_count, run.failed_count,
            run.document_count)
           IS DISTINCT FROM
           ('done', item.all, item.done, item.failed, document.count)"""

#: The log of a source that has lost a row, or has one twice.
_LOG = """
    SELECT source_id, COUNT(*), MAX(sequence) FROM saas_sync_log GROUP BY source_id
    HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1"""

_JOBS = """
    SELECT method_name, state, COUNT(*) FROM queue_job
     WHERE state NOT IN ('done', 'cancelled') GROUP BY method_name, state"""

#: What must have no row at all, and what it is called.
_WRONG = (
    ("numbers with a gap, or twice", _GAPS),
    ("billing run", _RUNS),
    ("log with a gap", _LOG),
    ("jobs left", _JOBS),
)


def read(stage):
    """Return all that the database says."""
    return {
        "charges": Counter(stage.sql(_CHARGES)),
        "documents": Counter(stage.sql(_DOCUMENTS)),
        "items": stage.sql(_ITEMS),
        "wrong": [
            f"{what}: {row}" for what, query in _WRONG for row in stage.sql(query)
        ],
    }


def judge(found, undisturbed=None):
    """Return the verdict on a round.

    In: what the database says, and what that of the undisturbed run says.
    """
    charges = found["charges"]
    verdict = Verdict(charges.total())
    if undisturbed:
        lost = undisturbed["charges"] - charges
        doubled = charges - undisturbed["charges"]
        verdict.lost, verdict.doubled = lost.total(), doubled.total()
        verdict.details += [f"lost: {row}" for row in lost.elements()]
        verdict.details += [f"doubled: {row}" for row in doubled.elements()]
    details = found["wrong"] + _judge_tenants(found["items"], charges)
    if undisturbed:
        meant, is_there = undisturbed["documents"], found["documents"]
        details += [f"missing: {row}" for row in (meant - is_there).elements()]
        details += [f"not meant: {row}" for row in (is_there - meant).elements()]
    verdict.differences = len(details)
    verdict.details += details
    return verdict


def _judge_tenants(items, charges):
    """Return what is wrong with what became of tenants, as texts: each is billed by one
    run alone, and the bad one by none, for its reason.
    """
    done = Counter(
        {name: count for name, state, *_why, count, _told in items if state == "done"}
    )
    names = {f"Tenant {number:03}" for number in range(company.COUNT)}
    texts = [
        f"{name}: billed by {done[name]} runs"
        for name in sorted(names - {company.BAD})
        if done[name] != 1
    ]
    bad = {
        (name, state, reason, told)
        for name, state, reason, _count, told in items
        if state != "done"
    }
    if bad != {(company.BAD, "failed", company.REASON, True)}:
        texts.append(f"not billed: {sorted(bad)}")
    if done[company.BAD] or any(row[0] == company.BAD for row in charges):
        texts.append(f"{company.BAD} is billed")
    return texts
