"""Which system is the source of truth for what: the rules of one company, as plain
values that are read once and asked often.
"""

from enum import StrEnum
from typing import NamedTuple

from ..kinds import Kind


class Rule(StrEnum):
    """What becomes of what a source tells."""

    OWNER = "owner"
    FILL = "may_fill_when_empty"
    IGNORED = "ignored"


class Part(StrEnum):
    """A part of a customer that may have an owner of its own."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    TAX_NUMBER = "tax_number"
    REGISTRATION_NUMBER = "registration_number"
    EXEMPTION = "exemption"
    E_INVOICE_ADDRESS = "e_invoice_address"
    LANGUAGE = "language"
    RESIDENCY_REGION = "residency_region"
    CURRENCY = "currency"


#: The fields of contacts and tenants that a part is.
PARTS = {
    Part.NAME: ("name",),
    Part.EMAIL: ("email",),
    Part.PHONE: ("phone",),
    Part.ADDRESS: ("street", "street2", "city", "zip", "country_id", "state_id"),
    Part.TAX_NUMBER: ("vat",),
    Part.REGISTRATION_NUMBER: ("company_registry",),
    Part.LANGUAGE: ("lang", "language"),
    Part.EXEMPTION: (
        "exemption_reason",
        "exemption_certificate",
        "exemption_ends_on",
    ),
    Part.E_INVOICE_ADDRESS: ("e_invoice_address",),
    Part.RESIDENCY_REGION: ("residency_region",),
}
#: The fields that a tenant has and its contact doesn't.
OF_TENANT = frozenset(
    """
    language exemption_reason exemption_certificate exemption_ends_on
    e_invoice_address residency_region
    """.split()
)

#: The kinds whose facts change records and book nothing, and the kinds whose facts
#: cause bookings, in the order in which people read them.
DATA_KINDS = (
    Kind.CUSTOMER,
    Kind.CONTRACT,
    Kind.SUBSCRIPTION,
    Kind.PRODUCT,
    Kind.MANDATE,
    Kind.TAX_CHECK,
    Kind.USAGE,
)
BOOKING_KINDS = (
    Kind.INVOICE,
    Kind.CREDIT_NOTE,
    Kind.CREDIT_ADJUSTMENT,
    Kind.PAYMENT,
    Kind.REFUND,
    Kind.DISPUTE,
    Kind.PAYOUT,
    Kind.MOVEMENT,
)
OWNED_KINDS = (*DATA_KINDS, *BOOKING_KINDS)
#: The kind under which facts of other kinds are owned.
OWNED_AS = {
    Kind.INVOICE_DRAFT: Kind.INVOICE,
    Kind.INVOICE_OPENING: Kind.INVOICE,
    Kind.CREDIT_OPENING: Kind.CREDIT_ADJUSTMENT,
    Kind.COLLECTION: Kind.PAYMENT,
    Kind.PAYMENT_FAILURE: Kind.PAYMENT,
    Kind.OUTSIDE_PAYMENT: Kind.PAYMENT,
    Kind.HELD_CASH_CHANGE: Kind.PAYMENT,
    Kind.MONEY_LINKS: Kind.PAYMENT,
    Kind.REFUND_TOTAL: Kind.REFUND,
    Kind.PAYOUT_CONTENTS: Kind.PAYOUT,
    Kind.MOVEMENT_NOTICE: Kind.MOVEMENT,
    Kind.CATALOG_ITEM: Kind.PRODUCT,
    Kind.SUBSCRIPTION_CHANGE: Kind.SUBSCRIPTION,
    **{kind: kind for kind in OWNED_KINDS},
}
#: What the gateways own unless somebody says otherwise, and what billing platforms do.
MONEY = (Kind.PAYMENT, Kind.REFUND, Kind.DISPUTE, Kind.PAYOUT, Kind.MOVEMENT)
DOCUMENTS = (
    Kind.INVOICE,
    Kind.CREDIT_NOTE,
    Kind.CREDIT_ADJUSTMENT,
    Kind.PRODUCT,
    Kind.SUBSCRIPTION,
)


class Verdict(NamedTuple):
    """What the rules say of one source: the rule, the ids of the sources that own the
    matter (``None`` stands for Odoo itself), and whether a person said so.
    """

    rule: str
    owners: tuple = ()
    is_stated: bool = False

    @property
    def is_owner(self):
        """Return whether the source is the source of truth."""
        return self.rule == Rule.OWNER


_OWNS = Verdict(Rule.OWNER)


class Ownership:
    """The rules of one company.

    :param stated: what people said: by kind, part (empty for the whole kind) and
        source id (None for Odoo itself), the rule.
    :param default: the ids of the sources that own a kind where nobody said, by kind;
        a kind that is not in it is everybody's.
    :param bills: whether Odoo itself issues invoices, for some tenants of the company.
    """

    def __init__(self, stated=None, default=None, bills=False):
        self._stated = stated or {}
        self._default = default or {}
        self.bills = bills
        self._verdicts = {}

    @property
    def is_plain(self):
        """Return whether every source owns all that it tells."""
        return not self._stated and not self._default

    def find(self, source_id, kind, part=""):
        """Return the :class:`Verdict` on what a source tells of a kind, or of a part
        of it. What is said of the part goes before what is said of the kind, and that
        before the default.
        """
        if self.is_plain:
            return _OWNS
        key = (source_id, kind, part)
        if key not in self._verdicts:
            self._verdicts[key] = self._find(source_id, kind, part)
        return self._verdicts[key]

    def _find(self, source_id, kind, part):
        for place in dict.fromkeys(((kind, part), (kind, ""))):
            rules = self._stated.get(place, {})
            owners = tuple(id_ for id_, rule in rules.items() if rule == Rule.OWNER)
            if source_id in rules:
                return Verdict(rules[source_id], owners, True)
            if owners:
                return Verdict(_get_other(kind), owners, True)
        owners = self._default.get(kind)
        if not owners or source_id in owners:
            return _OWNS
        return Verdict(_get_other(kind), tuple(owners))


def _get_other(kind):
    """Return the rule for those who don't own a kind: they may help out with data, and
    never with bookings.
    """
    return Rule.IGNORED if kind in BOOKING_KINDS else Rule.FILL
