from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...canonical.reasons import Reason

#: The dates that may lock what a source tells: all but the one of purchases.
_LOCKS = (
    *("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date", "hard_lock_date"),
)


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

    lock_note = fields.Text(compute="_compute_lock_note", string="Locked")

    @api.depends("reason", "event_id")
    def _compute_stated_lines(self):
        for case in self:
            case.stated_lines = False
            if case.reason == Reason.AMOUNT_MISMATCH and case.event_id:
                facts = case.event_id._get_facts()
                documents = [fact for fact in facts if hasattr(fact, "stated_total")]
                told = [row for fact in documents for row in case._tell_lines(fact)]
                case.stated_lines = "\n".join(told)

    @api.depends("reason", "company_id")
    def _compute_lock_note(self):
        for case in self:
            is_locked = case.reason == Reason.PERIOD_LOCKED
            case.lock_note = is_locked and case._describe_locks()

    def _describe_locks(self):
        """Return until when which dates lock the company, and from when on its books
        are open. A company is locked by those above it, too.
        """
        companies = self.company_id.sudo().parent_ids
        locks = {
            name: max(days)
            for name in _LOCKS
            if (days := [day for day in companies.mapped(name) if day])
        }
        if not locks:
            return self.env._("No period is locked any more. Press Retry All.")
        labels = companies.fields_get(list(locks), ["string"])
        told = [
            self.env._(
                "%(lock)s until %(day)s",
                lock=labels[name]["string"],
                day=format_date(self.env, day),
            )
            for name, day in locks.items()
        ]
        return self.env._(
            "%(company)s is locked: %(locks)s. From %(day)s on, nothing is.",
            company=self.company_id.name,
            locks=", ".join(told),
            day=format_date(self.env, max(locks.values()) + timedelta(days=1)),
        )

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
