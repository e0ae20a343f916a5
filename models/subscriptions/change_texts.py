from odoo import api, fields, models
from odoo.tools import format_date

from ...canonical.subscriptions.lifecycle import Refusal
from .timeline import describe_terms


class SaasSubscriptionChange(models.Model):
    """Says of changes in words what they say, and why one has no effect."""

    _inherit = "saas.subscription.change"

    is_future = fields.Boolean(compute="_compute_is_future")
    summary = fields.Char(string="What It Says", compute="_compute_summary")
    told_by = fields.Char(compute="_compute_told_by")

    @api.model
    def _describe_refusals(self):
        """Return a sentence for each reason why a change has no effect."""
        return {
            Refusal.NOT_ACTIVATED.value: self.env._(
                "It had not been activated by then."
            ),
            Refusal.NOT_PAUSED.value: self.env._("It was not paused then."),
            Refusal.WHILE_PAUSED.value: self.env._(
                "It was paused then, and goes on when it is resumed."
            ),
            Refusal.ALREADY_CANCELED.value: self.env._(
                "It had ended by then, and nothing revives it."
            ),
            Refusal.SUPERSEDED.value: self.env._(
                "What was said of its end later counts."
            ),
        }

    @api.depends("takes_effect_at", "outcome")
    def _compute_is_future(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_future = row.outcome == "applied" and bool(
                row.takes_effect_at and row.takes_effect_at > now
            )

    @api.depends("event_id", "user_id", "contract_id", "source_id")
    def _compute_told_by(self):
        for row in self.sudo():
            row.told_by = row.user_id.name or row.source_id.name

    @api.depends("kind", "terms", "trial_end", "at_period_end", "withdraws")
    def _compute_summary(self):
        ids = {(row.terms or {}).get("version") for row in self} - {None}
        versions = self.env["saas.plan.version"].sudo().browse(ids)
        names = {version.id: version.display_name for version in versions}
        withdrawn = self._describe_withdrawn()
        for row in self:
            row.summary = row._summarise(names, withdrawn)

    def _describe_withdrawn(self):
        """Return what these rows withdraw, in words, by subscription and key; what has
        not come yet is left out.
        """
        rows = self.filtered("withdraws").sudo()
        if not rows:
            return {}
        found = self.sudo().search_fetch(
            [
                ("subscription_id", "in", rows.subscription_id.ids),
                ("key", "in", rows.mapped("withdraws")),
            ],
            ["subscription_id", "key", "kind", "effective_at"],
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            (row.subscription_id.id, row.key): self.env._(
                "takes back: %(what)s on %(day)s",
                what=kinds[row.kind],
                day=format_date(self.env, row.effective_at),
            )
            for row in found
        }

    def _summarise(self, names, withdrawn):
        """Return in a few words what this change says.

        :param names: of the versions of plans, by id.
        :param withdrawn: as :meth:`_describe_withdrawn` returns it.
        """
        row, terms = self, self.terms or {}
        parts = [text] if (text := describe_terms(terms, names)) else []
        if (months := (terms.get("term") or {}).get("months")) is not None:
            parts.append(self.env._("term of %s months", months))
        if row.at_period_end:
            parts.append(self.env._("at the end of the period"))
        if row.withdraws:
            known = withdrawn.get((row.subscription_id.id, row.withdraws))
            missing = self.env._("takes back what was not told yet")
            parts.append(known or missing)
        return ", ".join(parts)

    def _describe_refusal(self):
        """Return why this row has no effect, as a sentence with the next words of what
        it is.
        """
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(what)s on %(day)s can't be so. %(why)s",
            what=kinds[self.kind],
            day=self.takes_effect_at.date(),
            why=self._describe_refusals()[self.refusal],
        )
