"""From 19.0.3: an event's envelope was read from its body each time it was processed.
Now it is stored, so what may still be processed gets what its body states.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.saas_billing_sync.canonical.errors import EventError

_AT_ONCE = 500


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """SELECT id FROM saas_subscription_event
            WHERE mode IS NULL AND account_ref IS NULL
              AND (state != 'done' OR forwarded_to_id IS NOT NULL)"""
    )
    ids = [event_id for (event_id,) in cr.fetchall()]
    for start in range(0, len(ids), _AT_ONCE):
        events = env["saas.subscription.event"].browse(ids[start : start + _AT_ONCE])
        for event in events:
            _read_envelope(event)
        env.flush_all()
        env.invalidate_all()


def _read_envelope(event):
    adapter = event.source_id._get_adapter()
    try:
        envelope = adapter._identify(event._read_payload())
    except EventError:
        # It was let in by an earlier version, and goes to a person as before.
        return
    if envelope.livemode is not None:
        event.mode = "live" if envelope.livemode else "test"
    if envelope.account:
        event.account_ref = envelope.account
