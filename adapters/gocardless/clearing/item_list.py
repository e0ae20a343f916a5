"""Reads the items of payouts. GoCardless keeps them for six months."""

from decimal import Decimal

from odoo import models

from ....canonical.errors import Quarantine
from ....canonical.page import Page
from ....canonical.reader import Reader
from ..event import write_moment
from ..payments.attempt import AGAIN, read_attempts
from ..payments.moved import CAME, CAME_BACK, LEFT, WENT_BACK, name_movement
from .movement import CATEGORIES
from .rounding import round_half_up, share_rounding

CONTENTS = "payout_contents"
ITEMS = "payout_items"
#: Items of which an object tells, and what its money did.
_MOVED = {
    "payment_paid_out": CAME,
    "payment_failed": WENT_BACK,
    "payment_charged_back": WENT_BACK,
    "payment_refunded": LEFT,
    "refund": LEFT,
    "refund_funds_returned": CAME_BACK,
}


class SaasAdapterGoCardless(models.AbstractModel):
    """Reads what payouts consist of, and what they hold of strangers: of payments that
    another integration made, which this token may not read.
    """

    _inherit = "saas.adapter.gocardless"

    def _read_movements(self, source, since=None):
        filters = {"status": "paid"}
        if since:
            filters["created_at[gte]"] = write_moment(since)
        after = None
        while True:
            more = {"after": after} if after else {}
            payouts, after = self._get_list(source, "payouts", **filters, **more)
            for payout in payouts:
                try:
                    objects = self._read_items(source, payout)
                except Quarantine as error:
                    if getattr(error.__cause__, "code", None) == 410:
                        return  # older ones are gone, and so are those after it
                    raise
                made_at = Reader(payout).iso_moment("created_at")
                yield Page(tuple(objects), "", made_at, made_at)
            if not after:
                return

    def _read_payout(self, source, payout_ref):
        payout = self._get_one(source, "payouts", payout_ref)
        if payout is None:
            raise self._refuse_missing(payout_ref)
        objects = self._read_items(source, payout)
        made_at = Reader(payout).iso_moment("created_at")
        yield Page(tuple(objects), "", made_at, made_at)

    def _prepare_payout_contents(self, payout_ref, movements):
        ids = []
        for item in movements:
            if item["resource"] == ITEMS:
                ids += item["data"]["movements"]
        return {
            "resource": CONTENTS,
            "data": {"id": payout_ref, "transactions": ids},
        }

    def _read_items(self, source, payout):
        """Return what a payout holds as objects of ours: what is known of payments in
        it that can't be read, fees and whatever has no object, and the payout itself,
        which names all movements that it holds.
        """
        ref = payout["id"]
        items = self._get_all(source, ITEMS, payout=ref, include="taxes")
        told = self._get_all(source, "events", payout=ref)
        own, groups = [], {}
        for item in items:
            if how := _MOVED.get(item["type"]):
                own.append((item, how))
            else:
                groups.setdefault(_get_group(item), []).append(item)
        sums = {key: _sum(group) for key, group in groups.items()}
        due = payout["amount"] - _sum(item for item, _how in own)
        roundings = share_rounding(sums, due)
        return [
            *self._read_strangers(source, payout, items, told),
            *(
                self._make_item(payout, key, group, roundings[key])
                for key, group in groups.items()
            ),
            self._make_payout(payout, self._name_movements(source, payout, own)),
        ]

    def _make_item(self, payout, key, items, rounding):
        """Return all items of a payout that are one movement: fees of one kind and rate
        of tax, or what nobody knows.
        """
        ref = "/".join(filter(None, (payout["id"], *key)))
        return _mark_item(
            payout,
            ref,
            key[0],
            items,
            movements=[ref],
            object_ids=_get_links(items),
            **_write_rounding("rounding", rounding),
            **_write_rounding("tax_rounding", _get_tax_rounding(items)),
        )

    def _make_payout(self, payout, movements):
        """Return the movement of a payout itself, with those of the payments and
        refunds that it holds.
        """
        amount = {"amount": str(-payout["amount"])}
        ref = f"{payout['id']}/payout"
        return _mark_item(
            payout,
            ref,
            "payout",
            [amount],
            movements=[*movements, ref],
            object_ids=[payout["id"]],
        )

    def _name_movements(self, source, payout, own):
        """Return the ids of the movements of payments and refunds in a payout, by the
        items that are of them.

        :param own: pairs of an item, and of what the money did.
        """
        attempts = self._get_attempts(source, payout, [item for item, _how in own])
        names = []
        for item, how in own:
            payment, refund = item["links"].get("payment"), item["links"].get("refund")
            if how in (CAME, WENT_BACK):
                names.append(name_movement(attempts[payment, how], how))
            else:
                ref = refund or self._find_refund(source, payment)
                names.append(name_movement(ref, how))
        return names

    def _get_attempts(self, source, payout, items):
        """Return by which attempt money came in or was taken back that a payout holds,
        by payment and by what the money did. Few payments have more than one, so only
        these are asked for their events.
        """
        refs = {item["links"].get("payment") for item in items}
        several = {
            event["links"].get("payment")
            for action in AGAIN
            for event in self._get_all(
                source, "events", resource_type="payments", action=action
            )
        }
        made_at = Reader(payout).iso_moment("created_at")
        attempts = {}
        for ref in refs:
            events = []
            if ref in several:
                events = self._get_all(source, "events", payment=ref)
            tries = [
                attempt
                for attempt in read_attempts(map(Reader, events))
                if attempt.paid_at <= made_at
            ]
            back = [a for a in tries if a.failed_at and a.failed_at <= made_at]
            for how, found in ((CAME, tries), (WENT_BACK, back)):
                number = found[-1].number if found else 1
                attempts[ref, how] = f"{ref}/{number}"
        return attempts

    def _find_refund(self, source, payment_ref):
        """Return the id of the only refund of a payment, where an item names none; the
        payment's where there are several: a person has to say which.
        """
        refunds = self._get_all(source, "refunds", payment=payment_ref)
        return refunds[0]["id"] if len(refunds) == 1 else payment_ref

    # -- payments of strangers --------------------------------------------------

    def _read_strangers(self, source, payout, items, told):
        """Return what items tell of payments and refunds that this token may not read,
        as such: they are the company's money, and of nobody who is known.
        """
        own = {
            event["links"].get(link) for event in told for link in ("payment", "refund")
        }
        strangers, seen = [], {}
        for item in items:
            name, ref = _get_object(item)
            if ref is None or ref in own:
                continue
            if ref not in seen:
                seen[ref] = self._get_one(source, name, ref) is None
            if seen[ref]:
                data = _make_stranger(ref, payout, item)
                strangers.append({"resource": name, "data": data})
        return strangers


def _mark_item(payout, ref, kind, items, **values):
    data = {
        "id": ref,
        "payout": payout["id"],
        "type": kind,
        "currency": payout["currency"],
        "moved_on": payout["arrival_date"] or payout["created_at"][:10],
        "items": items,
        **values,
    }
    return {"resource": ITEMS, "data": data}


def _get_group(item):
    """Return the key of the items that are one movement."""
    rates = [tax.get("tax_rate_id") or "" for tax in item.get("taxes") or []]
    return item["type"], ",".join(sorted(rates))


def _get_links(items):
    """Return what an only item is of that nobody knows: a fee is of no object."""
    if len(items) > 1 or items[0]["type"] in CATEGORIES:
        return []
    links = items[0].get("links") or {}
    return [ref for ref in (links.get("refund"), links.get("payment")) if ref]


def _get_object(item):
    """Return what an item is of, and its id; no id where there is nothing to book."""
    links = item.get("links") or {}
    if _MOVED.get(item["type"]) in (CAME, WENT_BACK):
        return "payments", links.get("payment")
    if _MOVED.get(item["type"]) == LEFT:
        return "refunds", links.get("refund")
    return None, None


def _make_stranger(ref, payout, item):
    """Return a payment or refund as an item of a payout tells of it: that it was paid
    by the day of the payout, and perhaps taken back then.
    """
    actions = {
        "payment_paid_out": ("confirmed",),
        "payment_failed": ("confirmed", "failed"),
        "payment_charged_back": ("confirmed", "charged_back"),
    }
    made_at = payout["created_at"]
    return {
        "id": ref,
        "created_at": made_at,
        "amount": abs(int(Decimal(item["amount"]))),
        "currency": payout["currency"],
        "charge_date": made_at[:10],
        "links": {"payment": (item.get("links") or {}).get("payment")},
        "events": [
            {"id": f"{payout['id']}/{n}", "created_at": made_at, "action": action}
            for n, action in enumerate(actions.get(item["type"], ("refund_settled",)))
        ],
    }


def _sum(items):
    return sum((Decimal(item["amount"]) for item in items), Decimal())


def _get_tax_rounding(items):
    """Return what makes the tax in fees whole: it is stated to a tenth, too."""
    taxes = sum(
        (
            abs(Decimal(tax["amount"])).copy_sign(Decimal(item["amount"]))
            for item in items
            for tax in item.get("taxes") or []
        ),
        Decimal(),
    )
    return round_half_up(taxes) - taxes


def _write_rounding(key, amount):
    return {key: f"{amount:f}"} if amount else {}
