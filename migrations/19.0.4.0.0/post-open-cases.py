"""From 19.0.3: what stops events is a case, with what is at stake. Those that wait now
get theirs, as if they had just been processed.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.saas_billing_sync.canonical.errors import Stop
from odoo.addons.saas_billing_sync.canonical.reasons import Reason, State
from odoo.addons.saas_billing_sync.canonical.review.causes import (
    find_key,
    write_product,
)
from odoo.addons.saas_billing_sync.canonical.review.changes import StateChange
from odoo.addons.saas_billing_sync.canonical.review.stakes import find_stake

_AT_ONCE = 200


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """SELECT id FROM saas_subscription_event event
            WHERE state IN ('parked', 'quarantined', 'dead')
              AND NOT EXISTS (SELECT FROM saas_exception_event link
                               WHERE link.event_id = event.id AND link.is_open)
         ORDER BY source_id, id"""
    )
    ids = [event_id for (event_id,) in cr.fetchall()]
    for start in range(0, len(ids), _AT_ONCE):
        events = env["saas.subscription.event"].browse(ids[start : start + _AT_ONCE])
        for own in events.grouped("source_id").values():
            _open_cases(own)
        env.flush_all()
        env.invalidate_all()


def _open_cases(events):
    """Open the cases of events of one source that wait."""
    facts = {event: event._read_facts() for event in events}
    readable = {event: find_stake(found) for event, found in facts.items() if found}
    events._note_stakes(readable)
    events.env["saas.exception"]._follow(
        [
            StateChange(
                event,
                State(event.state),
                event.reason and Reason(event.reason),
                causes=_find_causes(event, facts[event]),
            )
            for event in events
        ]
    )


def _find_causes(event, facts):
    """Return the keys of an event's causes, where its content tells more than what was
    stored of the one that was found first; empty where it doesn't.
    """
    lines = [line for fact in facts for line in getattr(fact, "lines", ())]
    source, about = event.source_id, []
    if event.reason == Reason.UNMAPPED_PRODUCT:
        known = set(source.product_mapping_ids.mapped("external_id"))
        about = [
            write_product(line.price, line.product)
            for line in lines
            if not known & {line.price, line.product}
        ]
    elif event.reason == Reason.UNMAPPED_TAX:
        known = set(source.tax_mapping_ids.mapped("external_id"))
        taxes = [tax for line in lines for tax in line.taxes]
        about = [tax.rate or tax.reason for tax in taxes if tax.rate not in known]
    detail = event.detail or ""
    return tuple(
        find_key(event._tell_stop(Stop(Reason(event.reason), detail, about=each)))
        for each in dict.fromkeys(filter(None, about))
    )
