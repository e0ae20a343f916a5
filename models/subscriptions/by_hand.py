import secrets
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.errors import EventError
from ...canonical.kinds import Kind
from ...canonical.reference import Reference
from ...canonical.subscriptions.outlook import live
from .change import count_micros, make_change


class SaasSubscription(models.Model):
    """What people do to subscriptions. They make the changes that systems make, which
    are kept and have effect in the same way; one that can't be so is not kept.
    """

    _inherit = "saas.subscription"

    def _change_by_hand(self, fact, note=""):
        """Keep a change that the user makes; who calls this has checked that they may.

        :param fact: a :class:`~...canonical.facts.SubscriptionChange`.
        :raises UserError: if it can't be so, with a sentence that says why.
        """
        self.ensure_one()
        subscription = self.sudo()
        source = subscription.source_id
        vals = self._prepare_hand_vals(source, subscription.tz, fact, note)
        row = self._record_changes([{**vals, "subscription_id": self.id}])
        if row.outcome == "refused":
            raise UserError(row._describe_refusal())
        log = self.env["saas.sync.log"].sudo()
        log._append(
            subscription._prepare_log_rows(
                Action.SUBSCRIPTION_CHANGE_KEPT, f"{row.kind}: {note}".strip(": ")
            )
        )
        row._follow_events(subscription.tenant_id)
        subscription._free_usage()
        return row

    def _free_usage(self):
        """Count the usage that waits for what a person has just changed, as if an event
        had told it.
        """
        self.flush_recordset()
        self.change_ids.flush_recordset()
        reference = str(Reference(Kind.SUBSCRIPTION, self.external_id))
        self.env["saas.usage.intake"]._free(
            self.source_id, [reference], self.tenant_id.ids
        )

    @api.model
    def _prepare_hand_vals(self, source, zone, fact, note=""):
        """Return the values of the row of a change that the user makes, but for whose
        it is.

        :raises UserError: if what it names can't be sold, or is mistyped.
        """
        reader = self.env["saas.subscriptions.terms"].sudo()
        [terms] = reader._read_all(source.company_id, [(fact, zone or source.tz)])
        if isinstance(terms, EventError):
            raise UserError(terms.detail)
        return self.env["saas.subscription.change"]._prepare_fact_vals(
            fact,
            terms,
            source_id=source.id,
            user_id=self.env.uid,
            note=note or False,
        )

    @api.model
    def _start_by_hand(self, tenant, source, external_id):
        """Return a new subscription that the user begins, before anything is known of
        it.

        :raises UserError: if the source knows another one by that id.
        """
        bindings = self.env["saas.binding"].sudo()
        if external_id in bindings._find(source, Kind.SUBSCRIPTION, [external_id]):
            raise UserError(
                self.env._(
                    "There is a subscription %s already. Choose another reference.",
                    external_id,
                )
            )
        subscription = self.sudo().create(
            {
                "source_id": source.id,
                "external_id": external_id,
                "tenant_id": tenant.id,
                "state": "none",
                "user_id": self.env.uid,
                "tz": source.tz,
            }
        )
        bindings.create(
            bindings._prepare_vals(source, Kind.SUBSCRIPTION, external_id, subscription)
        )
        self.env["saas.sync.log"].sudo()._append(
            subscription._prepare_log_rows(Action.SUBSCRIPTION_CREATED, external_id)
        )
        return subscription

    def _find_known_now(self):
        """Return when what the user does now is known, an aware moment: after all that
        is known already, though a sender's clock may be ahead or two people act at
        once. What people see when they decide counts before their decision.
        """
        now = datetime.now(UTC)
        last = max(self.sudo().change_ids.mapped("known"), default=0)
        ahead = max(last + 1 - count_micros(now), 0)
        return now + timedelta(microseconds=ahead)

    def _preview_by_hand(self, vals):
        """Return the life that one more change would make of what is known; of one that
        is not there yet, by the change alone.

        :param vals: of the row, as :meth:`_prepare_hand_vals` returns them.
        """
        rows = self.sudo()._read_rows()
        changes = [row._make_change() for row in rows]
        changes.append(make_change(vals, vals["source_id"]))
        ending = {row.key for row in rows if row.at_period_end}
        ending |= {vals["key"]} if vals["at_period_end"] else set()
        terms = [row.terms for row in rows] + [vals["terms"]]
        return live(tuple(changes), ending, self._get_cadences(terms))[0]


def make_key():
    """Return what names a change that a person makes."""
    return f"person {secrets.token_hex(12)}"


def make_reference():
    """Return what a subscription that a person begins is called, if they don't care."""
    return f"H-{secrets.token_hex(4).upper()}"
