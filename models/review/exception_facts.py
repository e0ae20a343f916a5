from odoo import api, fields, models

from ...canonical.reasons import Reason


class SaasException(models.Model):
    """Shows on a case's own screen what its reason needs to be judged: what is waited
    for, what failed how often, in which version it came, and the amounts line by line.
    """

    _inherit = "saas.exception"

    event_type = fields.Char(related="event_id.event_type")
    api_version = fields.Char(related="event_id.api_version")
    waiting_for = fields.Char(related="event_id.waiting_for")
    attempts = fields.Integer(related="event_id.attempts")
    trace = fields.Text(
        related="event_id.trace", groups="saas_billing_sync.group_saas_operator"
    )
    stated_lines = fields.Text(
        compute="_compute_stated_lines",
        help="What the source states of each line: its net amount and its taxes.",
    )

    @api.depends("reason", "event_id")
    def _compute_stated_lines(self):
        for case in self:
            case.stated_lines = False
            if case.reason == Reason.AMOUNT_MISMATCH and case.event_id:
                facts = case.event_id._get_facts()
                documents = [fact for fact in facts if hasattr(fact, "stated_total")]
                told = [row for fact in documents for row in case._tell_lines(fact)]
                case.stated_lines = "\n".join(told)

    def _tell_lines(self, fact):
        """Return a sentence for each line of a document, and for its sum."""
        told = []
        for line in fact.lines:
            told.append(
                self.env._(
                    "%(line)s: %(net)s and %(tax)s tax are %(gross)s.",
                    line=line.external_id or line.price or line.product,
                    net=fact.decimal(line.net),
                    tax=fact.decimal(line.gross - line.net),
                    gross=fact.decimal(line.gross),
                )
            )
        told.append(
            self.env._(
                "Together they are %(lines)s %(currency)s, and the total is %(total)s: "
                "the difference is %(difference)s.",
                lines=fact.decimal(fact.stated_total()),
                total=fact.decimal(fact.total),
                difference=fact.decimal(fact.total - fact.stated_total()),
                currency=fact.currency,
            )
        )
        return told

    def action_test_source(self):
        """Try what the source's key may read, and tell what is refused."""
        self.ensure_one()
        self.check_access("read")
        return self.source_id.action_test_connection()
