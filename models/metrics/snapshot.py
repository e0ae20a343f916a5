from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.metrics.mirrored import Snapshot
from ...canonical.moments import aware
from ...canonical.subscriptions.told import read_moment


class SaasMrrSnapshot(models.Model):
    """What another platform told of a subscription at a time, as far as it matters for
    what recurs. The mirror itself keeps the newest snapshot alone.
    """

    _name = "saas.mrr.snapshot"
    _description = "SaaS MRR as a platform told it"
    _inherit = ["saas.guarded.mixin"]
    _order = "at desc, id desc"
    _log_access = False
    _rec_name = "at"

    subscription_id = fields.Many2one(
        "saas.subscription", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="subscription_id.company_id", store=True, index=True
    )
    version = fields.Char(
        readonly=True, help="What orders snapshots, as the platform has it."
    )
    at = fields.Datetime(string="Told", required=True, readonly=True)
    state = fields.Char(readonly=True, help="It is empty where it is as before.")
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    worths = fields.Json(
        string="MRR (exact)",
        required=True,
        readonly=True,
        help="What it is worth a month while it runs: from when on, and an exact "
        "fraction, or nothing if that is not known.",
    )
    started_at = fields.Datetime(readonly=True)
    trial_end = fields.Datetime(readonly=True)
    period_start = fields.Datetime(readonly=True)
    period_end = fields.Datetime(readonly=True)
    canceled_at = fields.Datetime(readonly=True)
    is_ending = fields.Boolean(readonly=True, help="It ends with the period that runs.")
    event_id = fields.Many2one(
        "saas.subscription.event",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    _version_unique = models.UniqueIndex("(subscription_id, COALESCE(version, ''))")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Snapshots can't be deleted: they say why MRR has moved.")
        )

    @api.model
    def _keep(self, vals_list):
        """Keep what was told, unless it is kept already.

        :param vals_list: values of this model.
        """
        subscriptions = {vals["subscription_id"] for vals in vals_list}
        known = {
            (row.subscription_id.id, row.version or "")
            for row in self.search_fetch(
                [("subscription_id", "in", sorted(subscriptions))],
                ["subscription_id", "version"],
            )
        }
        new = {
            key: vals
            for vals in vals_list
            if (key := (vals["subscription_id"], vals["version"] or "")) not in known
        }
        return self.create(list(new.values()))

    @api.model
    def _read_for(self, subscriptions):
        """Return by subscription what was told of it, in any order."""
        rows = self.search([("subscription_id", "in", subscriptions.ids)], order="id")
        return rows.grouped("subscription_id")

    def _is_known(self):
        """Return whether it says what the subscription is worth."""
        return all(worth is not None for _moment, worth in self.worths)

    def _get_key(self):
        return f"snapshot {self.id}"

    def _make_snapshot(self):
        """Return this row as the rules take it."""
        return Snapshot(
            self.version or "",
            aware(self.at),
            self.state or "",
            self.currency_id.name,
            tuple(
                (read_moment(moment), None if worth is None else Fraction(worth))
                for moment, worth in self.worths
            ),
            aware(self.started_at),
            aware(self.trial_end),
            aware(self.period_end),
            aware(self.canceled_at),
            self.is_ending,
            self._get_key(),
            aware(self.period_start),
        )
