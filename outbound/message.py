from typing import NamedTuple

from odoo import models

from ..canonical.actions import Action
from ..canonical.money import to_minor

#: What others are told, by what the log says was done to a record.
_TYPES = {
    Action.TENANT_CREATED.value: "tenant.updated",
    Action.TENANT_MATCHED.value: "tenant.updated",
    Action.TENANT_UPDATED.value: "tenant.updated",
    Action.TENANT_ARCHIVED.value: "tenant.updated",
    Action.INVOICE_POSTED.value: "invoice.posted",
    Action.INVOICE_PAID.value: "invoice.paid",
    Action.INVOICE_VOID.value: "invoice.voided",
    Action.COLLECTION_FAILED.value: "payment.failed",
    Action.CREDIT_NOTE_POSTED.value: "credit_note.posted",
    Action.PAYMENT_POSTED.value: "payment.received",
    Action.PAYMENT_FAILURE_POSTED.value: "payment.reversed",
    Action.DISPUTE_LOSS_POSTED.value: "payment.reversed",
    Action.REFUND_POSTED.value: "refund.posted",
    Action.RISK_FLAGGED.value: "risk.flagged",
    Action.RISK_CLEARED.value: "risk.cleared",
    Action.TENANT_RESTRICTED.value: "collection_state.changed",
    Action.RESTRICTION_LIFTED.value: "collection_state.changed",
}
#: What is told where what a tenant may use is another.
_CHANGED = "entitlement.changed"
#: What may happen to a record more than once: each event that brings it is news.
_REPEATED = frozenset(
    (
        *("tenant.updated", "invoice.paid", "payment.failed"),
        *("collection_state.changed", "risk.flagged", "risk.cleared"),
    )
)


class News(NamedTuple):
    """One thing to be told: of which type, the source that caused it, the record that
    is told in whole, whose it is, and the id of the event at its sender; empty where
    none brought it.
    """

    type: str
    source: object
    record: object
    tenant: object
    event: str = ""


class SaasOutbox(models.AbstractModel):
    """The one door by which books tell others what was booked: a message for each
    target of the company, in the transaction that books.

    What is told is what the log says was done. So each piece of news is told once, and
    none of it if the books are rolled back. What a tenant may use is told here, too.
    """

    _name = "saas.outbox"
    _description = "SaaS outbox"

    def _tell(self, source, items):
        """Write messages of what was done because of items, for those who are told.
        Where nobody is, that costs one look.

        :param items: of one drain, with the rows that they are logged by.
        """
        rows = [
            (_TYPES[row["action"]], row, item)
            for item in items
            for row in item.rows
            if row["action"] in _TYPES and row["res_id"]
        ]
        if not rows:
            return
        targets = self.env["saas.outbound.target"]._lock(source.company_id)
        if targets:
            self._write_messages(targets, self._get_news(source, rows))

    def _tell_done(self, action, source, record, tenant, cause):
        """Write messages of one thing that was done, and that no event brought.

        :param action: what the log says of it, one that is told.
        :param cause: what names the occasion, as an event's id does.
        """
        targets = self.env["saas.outbound.target"]._lock(source.company_id)
        if targets:
            type_ = _TYPES[action.value]
            news = News(type_, source, record, tenant, cause)
            self._write_messages(targets, {_make_key(type_, record, cause): news})

    def _tell_changed(self, entitlements):
        """Write messages of what tenants may use from now on: the whole state with its
        number, so that nobody needs to know the message before. A company without any
        source has nobody who could cause one.
        """
        for company, own in entitlements.grouped("company_id").items():
            targets = self.env["saas.outbound.target"]._lock(company)
            if not targets:
                continue
            news = {}
            for each in own:
                if source := each._get_log_source():
                    key = f"{_CHANGED}:{each._name},{each.id}:{each.number}"
                    news[key] = News(_CHANGED, source, each, each.tenant_id)
            self._write_messages(targets, news)

    def _write_messages(self, targets, news):
        """Write messages to each of the targets, which are locked, of what it has not
        been told.

        :param news: what is to be told, by what tells it from all else.
        """
        messages = self.env["saas.outbound.message"]
        known = {
            (message.target_id, message.key)
            for message in messages.search(
                [("target_id", "in", targets.ids), ("key", "in", list(news))]
            )
        }
        vals_list = []
        for target in targets:
            new = [key for key in news if (target, key) not in known]
            for sequence, key in enumerate(new, target.last_sequence + 1):
                vals = {"target_id": target.id, "key": key, "sequence": sequence}
                vals_list.append({**self._prepare_vals(news[key]), **vals})
            target.last_sequence += len(new)
        messages.create(vals_list)

    def _get_news(self, source, rows):
        """Return what is to be told, by key. Of what is told twice of one record, once
        is enough.
        """
        ids = {}
        for _type, row, _item in rows:
            ids.setdefault(row["res_model"], set()).add(row["res_id"])
        news = {}
        for type_, row, item in rows:
            model = self.env[row["res_model"]]
            record = model.browse(row["res_id"])
            record = record.with_prefetch(ids[row["res_model"]])
            if type_ == "invoice.voided":
                # The log also names the entry that takes the invoice back.
                record = record.reversed_entry_id or record
            key = _make_key(type_, record, item.event.external_id)
            tenant = record if record._name == "saas.tenant" else item.tenant
            news[key] = News(type_, source, record, tenant, item.event.external_id)
        return news

    def _prepare_vals(self, news):
        """Return the values of a message: what the record is now, in whole."""
        type_, source, record, tenant, event = news
        return {
            "type": type_,
            "source_id": source.id,
            "tenant_id": tenant.id if tenant else False,
            "payload": {
                "type": type_,
                "object": {
                    "model": record._name,
                    "id": record.id,
                    **self._prepare_object(record),
                },
                "tenant": {"id": tenant.id, "ref": tenant.ref or ""}
                if tenant
                else None,
                "source": {"id": source.id, "name": source.name},
                "event": event,
            },
        }

    def _prepare_object(self, record):
        """Return what others may know of a record, as plain JSON without what is
        personal; amounts are in minor units.
        """
        if record._name == "saas.tenant":
            return {
                "ref": record.ref or "",
                "is_active": record.active,
                "collection_state": record.collection_state,
                "currency": record.currency_id.name or "",
            }
        if record._name in ("saas.entitlement", "saas.risk"):
            return record._to_json()
        if record._name == "account.move":
            return {
                "external_id": record.saas_external_id or "",
                "number": record.name or "",
                "state": record.saas_state or "",
                "date": str(record.date),
                "due_date": str(record.invoice_date_due or ""),
                **_write_money(record.currency_id, total=record.amount_total),
                "due": _write_money(record.currency_id, total=record.amount_residual)[
                    "total"
                ],
            }
        if record._name == "account.payment":
            return {
                "external_id": record.saas_external_id or "",
                "number": record.name or "",
                "date": str(record.date),
                **_write_money(record.currency_id, total=record.amount),
            }
        return {}


def _make_key(type_, record, cause):
    """Return what tells a piece of news from all others."""
    key = f"{type_}:{record._name},{record.id}"
    return f"{key}:{cause}" if type_ in _REPEATED else key


def _write_money(currency, total):
    """Return an amount of Odoo's in minor units, with what they are of."""
    places = currency.decimal_places
    return {
        "total": to_minor(total, places),
        "currency": currency.name,
        "exponent": places,
    }
