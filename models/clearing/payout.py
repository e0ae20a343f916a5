from odoo import api, fields, models

from ...canonical.kinds import Kind
from ..big_integer import BigInteger
from ..notification import notify

#: How a payout's money got on; ranks are in ``canonical/facts/clearing.py``.
STATES = [
    ("pending", "Pending"),
    ("in_transit", "In transit"),
    ("paid", "Paid"),
    ("canceled", "Canceled"),
    ("failed", "Failed"),
]


class SaasPayout(models.Model):
    """Money the source sent to the bank, and the proof of what it consists of.

    ``…_minor`` are integers in the source's minor unit: what is proved is computed in
    these alone.
    """

    _name = "saas.payout"
    _description = "SaaS payout"
    _inherit = ["saas.assignable.mixin"]
    _order = "arrival_date desc, id desc"
    _rec_name = "external_id"
    _check_company_auto = True
    _page_kind = Kind.PAYOUT

    external_id = fields.Char(string="Reference", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    state = fields.Selection(STATES, required=True, readonly=True, tracking=True)
    automatic = fields.Boolean(
        readonly=True,
        help="Whether the source's schedule made the payout. Only then the source "
        "tells what is in it.",
    )
    arrival_date = fields.Date(string="Arrives On", readonly=True)
    failed_at = fields.Datetime(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_minor = BigInteger(readonly=True)
    exponent = fields.Integer(readonly=True)
    bank_currency_id = fields.Many2one(
        "res.currency", string="Currency at the Bank", readonly=True
    )
    bank_amount = fields.Monetary(
        string="Amount at the Bank",
        currency_field="bank_currency_id",
        readonly=True,
        help="What the bank gets, where the payout is exchanged into another currency.",
    )
    exchange_rate = fields.Char(
        readonly=True, help="What the source exchanged the payout at."
    )
    bank_texts = fields.Char(
        string="Shown by the Bank As",
        readonly=True,
        help="The text that may stand on the line of the bank statement.",
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, check_company=True
    )
    return_move_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, check_company=True
    )
    bank_line_id = fields.Many2one(
        "account.bank.statement.line",
        readonly=True,
        check_company=True,
        index="btree_not_null",
    )
    is_booked = fields.Boolean(
        compute="_compute_is_booked",
        store=True,
        help="Whether the payout was paid and did not come back.",
    )
    is_in_bank = fields.Boolean(compute="_compute_is_in_bank", store=True)

    transaction_ids = fields.One2many(
        "saas.balance.transaction", "payout_id", string="Balance Transactions"
    )
    contents_known = fields.Boolean(
        readonly=True, help="Whether all its balance transactions have been read."
    )
    old_count = fields.Integer(
        string="From Before the Cut-Over",
        readonly=True,
        help="How many of its transactions belong to the old books.",
    )
    net_minor = BigInteger(readonly=True)
    net_total = fields.Monetary(
        string="Sum of Net Amounts", compute="_compute_difference", store=True
    )
    difference = fields.Monetary(
        compute="_compute_difference",
        store=True,
        help="The amount less the sum of the net amounts of its transactions. It "
        "must be zero.",
    )
    booked_difference = fields.Monetary(
        string="Not Booked",
        readonly=True,
        help="The amounts that its transactions state, less the amounts that are "
        "booked.",
    )
    proof_state = fields.Selection(
        [
            ("no_data", "No data"),
            ("not_proved", "Not proved"),
            ("proved", "Proved"),
            ("decided", "Explained by decisions"),
            ("manual", "Manual payout"),
            ("cutover", "From before the cut-over"),
        ],
        string="Proof",
        required=True,
        readonly=True,
        default="no_data",
        index=True,
    )
    proved_at = fields.Datetime(
        readonly=True,
        help="When its proof came to the state that it is in, if nothing is missing.",
    )
    proof_hint = fields.Char(compute="_compute_proof_hint")

    _external_unique = models.UniqueIndex("(source_id, external_id)")

    @api.depends("move_id", "return_move_id")
    def _compute_is_booked(self):
        for payout in self:
            payout.is_booked = bool(payout.move_id and not payout.return_move_id)

    @api.depends("bank_line_id")
    def _compute_is_in_bank(self):
        for payout in self:
            payout.is_in_bank = bool(payout.bank_line_id)

    @api.depends("amount_minor", "net_minor", "exponent", "contents_known")
    def _compute_difference(self):
        for payout in self:
            known = payout.contents_known
            unit = 10**payout.exponent
            payout.net_total = payout.net_minor / unit if known else 0
            difference = payout.amount_minor - payout.net_minor
            payout.difference = difference / unit if known else 0

    @api.depends(
        "proof_state",
        "contents_known",
        "old_count",
        "source_id.new_api_key",
        "waiting_count",
    )
    def _compute_proof_hint(self):
        for payout in self:
            hints = [payout._get_left_out_hint()]
            if payout.proof_state != "proved" or not payout.waiting_count:
                hints.append(payout._get_proof_hint())
            payout.proof_hint = " ".join(filter(None, hints))

    def _get_proof_hint(self):
        """Return the next step to a proof, or why there can be none."""
        self.ensure_one()
        if self.proof_state == "proved":
            return self.env._("Every cent of the payout is explained and booked.")
        if self.proof_state == "decided":
            return self.env._(
                "Every cent is explained, but not all of it is booked: people decided "
                "so for some of its movements. See Decisions for who, and why."
            )
        if self.proof_state == "manual":
            return self.env._(
                "The source does not tell what a payout made by hand contains. The "
                "clearing balance proves it together with the others."
            )
        if self.proof_state == "cutover":
            return self._get_cutover_hint()
        if self.contents_known and self.old_count:
            return self.env._(
                "%(count)s of its transactions are from before the cut-over on "
                "%(date)s and can't be proved here. The others are not all booked: "
                "look at the differences.",
                count=self.old_count,
                date=self.source_id.cutover_date,
            )
        if self.contents_known:
            return self.env._(
                "Its transactions are known, but they do not add up or are not all "
                "booked. Look at the differences."
            )
        if not self.source_id._has_api_key():
            return self.env._(
                "Its transactions can't be read without an API key. Paste one on the "
                "source, under Connection."
            )
        return self.env._(
            "Its transactions have not been read yet. Press Read Transactions on "
            "the payout."
        )

    def _get_cutover_hint(self):
        if self.arrival_date < self.source_id.cutover_date:
            return self.env._(
                "It arrived before the cut-over on %s. The books that ended then have "
                "it.",
                self.source_id.cutover_date,
            )
        return self.env._(
            "%(count)s of its transactions are from before the cut-over on %(date)s: "
            "the books that ended then have them. All others are booked.",
            count=self.old_count,
            date=self.source_id.cutover_date,
        )

    def action_pull(self):
        """Read the movements in these payouts, in the background."""
        self.check_access("write")
        for payout in self:
            payout.source_id._enqueue_read_payout(payout.external_id)
        return self.source_id._notify_reading()

    def action_match_bank(self):
        """Look for the payouts' lines on the bank's statements."""
        self.check_access("write")
        found = self.env["saas.ledger.bank_match"].sudo()._match(self.sudo())
        message = self.env._(
            "%(found)s of %(all)s payouts were matched with the bank.",
            found=len(found),
            all=len(self),
        )
        return notify(message, "success" if found else "warning", reload=True)

    @api.model
    def _cron_match_bank(self):
        """Look for the bank's lines of all payouts that have none yet."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        self.env["saas.ledger.bank_match"]._match(
            self.search([("is_in_bank", "=", False), ("is_booked", "=", True)])
        )

    def action_view_differences(self):
        """Open the transactions of this payout that the books show otherwise."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_balance_transaction_action"
        )
        return self._in_company(
            {
                **action,
                "domain": [("payout_id", "=", self.id)],
                "context": {"search_default_differences": 1},
            }
        )
