from odoo import api, fields, models

from ...canonical.review.duties import Decision
from ...canonical.usage.terms import Choice
from ...models.notification import notify


class SaasUsageDecide(models.TransientModel):
    """Lets a person decide about usage that waits in vain, or of two records that
    contradict each other, which one counts.
    """

    _name = "saas.usage.decide"
    _description = "Decide About Usage"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.USAGE

    # Not as links: ids of usage have 64 bits, and those of a table of links don't.
    chosen = fields.Json(required=True, help="The ids of the records.")
    record_ids = fields.Many2many(
        "saas.usage.record", string="Usage", compute="_compute_records"
    )
    what = fields.Selection(
        [
            (Choice.SET_ASIDE.value, "Set it aside"),
            (Choice.KEEP_FIRST.value, "Keep the first"),
            (Choice.COUNT_INSTEAD.value, "Count this instead"),
        ],
        string="Decision",
        required=True,
    )
    note = fields.Char(
        string="Why", help="Kept in the log for good, so name no persons."
    )

    @api.depends("chosen")
    def _compute_records(self):
        for wizard in self:
            wizard.record_ids = wizard._get_subject()

    def _get_subject(self):
        ids = self.chosen if isinstance(self.chosen, list) else []
        return self.env["saas.usage.record"].browse(
            sorted({id_ for id_ in ids if isinstance(id_, int)})
        )

    # -- what it decides ---------------------------------------------------------------

    def _check_decision(self):
        """Raise unless the user may decide so about all of the records."""
        self._get_subject()._check_may_decide(Choice(self.what))

    def _get_shown_events(self):
        """What waits because of usage goes on by itself."""
        return self.env["saas.subscription.event"]

    def _read_subject(self):
        """Return what a signature rests on: the records, and how they stand."""
        return [
            [record.id, record.state, record.why, record.content_hash]
            for record in self._get_subject().sudo()
        ]

    def _get_amount(self):
        """Nobody knows what it comes to before the period is billed."""
        return None

    def _name_subject(self):
        return self._get_subject().mapped("external_id")

    def _describe_choice(self):
        """Return what was chosen, and about which usage: a line each."""
        labels = dict(self._fields["what"]._description_selection(self.env))
        return [
            labels[self.what],
            *(
                self.env._(
                    "%(reference)s: %(quantity)s of %(meter)s for %(customer)s",
                    quantity=record.stated_quantity,
                    meter=record.meter_ref,
                    customer=record.customer_ref,
                    reference=record.external_id,
                )
                for record in self._get_subject()
            ),
        ]

    def _decide(self):
        """Do it, and say what came of it."""
        said = self._get_subject()._decide(Choice(self.what), self.note or "")
        return notify(said, close=True)
