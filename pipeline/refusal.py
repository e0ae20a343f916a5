"""Says in one sentence what stopped an event when Odoo, or anything else, has raised an
error.

The texts are of others, and quote what they like: a contact's name, an e-mail address,
and where records of two companies meet, the other company's contact. A detail is shown
in lists and kept in the sync log for good, so none of these may be in it.
"""

import traceback

from odoo.exceptions import AccessError

from ..canonical.display.masking import find_masked, scrub
from ..canonical.errors import EventError

#: The fields of a contact that may hold personal data.
_OF_CONTACT = ("name", "email", "phone", "vat", "street", "street2")
#: Shorter texts are found in any sentence, and tell nobody's name.
_SHORTEST = 3
_LONGEST = 500


def describe(env, error, event, fact=None):
    """Return one sentence for a person of a :class:`UserError` that stopped an event.

    :param event: the event; what its payload tells of persons is masked.
    :param fact: the fact that was being applied, where it got so far.
    """
    if isinstance(error, AccessError) or _is_about_companies(error):
        customer = getattr(fact, "customer", None)
        return env._(
            "It would be booked with a record of another company. Check the contact "
            "of the customer %(customer)s, and the journals, accounts, taxes and "
            "mappings of the source: all must belong to its company. Then retry.",
            customer=customer or env._("whom the event names"),
        )
    return scrub(str(error), _get_personal(env, event, fact))[:_LONGEST]


def trace(env, error, event, fact=None):
    """Return the trace of an error that nobody foresaw, without what is personal."""
    text = "".join(traceback.format_exception(error))
    return scrub(text, _get_personal(env, event, fact))


def _is_about_companies(error):
    """Return whether Odoo has refused to link records of two companies. Its error has
    no class of its own, so it is known by where it was raised.
    """
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code.co_name == "_check_company" for frame, _line in frames)


def _get_personal(env, event, fact):
    """Return the texts that tell who the event is about: what its payload says, and
    what is known of the contact here.
    """
    try:
        payload = event._read_payload()
    except EventError:
        payload = None
    harmless = event.source_id._get_adapter()._harmless
    texts = set(find_masked(payload, harmless)) if payload else set()
    customer = getattr(fact, "customer", None)
    if customer:
        tenants = env["saas.tenant"]._find(event.source_id, [customer])
        for tenant in tenants.values():
            partner = tenant.partner_id | tenant.partner_id.commercial_partner_id
            for field in _OF_CONTACT:
                texts.update(filter(None, partner.mapped(field)))
    return {text for text in texts if len(text) >= _SHORTEST}
