from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ..big_integer import BigInteger


class SaasBalanceTransaction(models.Model):
    """One movement of the balance at a source, which its API may call a balance
    transaction, beside the amounts that are booked for it.

    ``…_minor`` are integers in the source's minor unit; the amounts people see are
    computed from these.
    """

    _name = "saas.balance.transaction"
    _description = "SaaS balance transaction"
    _inherit = ["saas.assignable.mixin"]
    _order = "created_at desc, id desc"
    _rec_name = "external_id"
    _check_company_auto = True
    _page_kind = Kind.MOVEMENT

    external_id = fields.Char(string="Reference", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    category = fields.Char(string="Reporting Category", required=True, readonly=True)
    type = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
    object_ref = fields.Char(
        string="Object",
        readonly=True,
        help="The id of the object that moved the money, such as a payment.",
    )
    object_alias = fields.Char(readonly=True)
    counterparty_ref = fields.Char(
        string="Went To",
        readonly=True,
        help="The account at the source that the money was transferred to.",
    )
    created_at = fields.Datetime(readonly=True)
    available_at = fields.Datetime(string="Available On", readonly=True)
    is_available = fields.Boolean(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    exponent = fields.Integer(readonly=True)
    amount_minor = BigInteger(readonly=True)
    fee_minor = BigInteger(readonly=True)
    net_minor = BigInteger(readonly=True)
    booked_minor = BigInteger(readonly=True)
    exchange_rate = fields.Char(
        readonly=True, help="The rate from the payment's currency into this one."
    )
    amount = fields.Monetary(string="Gross", compute="_compute_amounts", store=True)
    fee = fields.Monetary(compute="_compute_amounts", store=True)
    net = fields.Monetary(compute="_compute_amounts", store=True)
    booked = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="The amount by which this movement's entries change the clearing account.",
    )
    difference = fields.Monetary(compute="_compute_amounts", store=True)
    payout_id = fields.Many2one(
        "saas.payout", readonly=True, check_company=True, index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Own Entry",
        readonly=True,
        check_company=True,
        help="The entry of this movement's fee and of the exchange into its "
        "currency. A payment, refund, dispute or payout has its own entry; the "
        "amount of any other movement is here as well.",
    )
    other_account_id = fields.Many2one(
        "account.account",
        string="Chosen Account",
        readonly=True,
        check_company=True,
        help="The account that a person chose for the other side of this movement.",
    )
    match_state = fields.Selection(
        [
            ("matched", "Booked alike"),
            ("pending", "On its way to the bank"),
            ("different", "Different"),
            ("unhandled", "Not handled"),
            ("decided", "Explained by a decision"),
        ],
        string="Books",
        required=True,
        readonly=True,
        default="different",
        index=True,
    )

    _external_unique = models.UniqueIndex("(source_id, external_id)")
    _object_index = models.Index("(source_id, object_ref)")
    _alias_index = models.Index(
        "(source_id, object_alias) WHERE object_alias IS NOT NULL"
    )

    def action_choose_account(self):
        """Ask for the account on the other side of movements that are not booked by
        themselves.
        """
        self._check_may_choose()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Choose Account"),
                "res_model": "saas.movement.account",
                "view_mode": "form",
                "target": "new",
                "context": {"default_transaction_ids": self.ids},
            }
        )

    def _check_may_choose(self):
        """Raise unless the user may say how these movements are booked, and all of them
        wait for that.
        """
        self.check_access("write")
        if any(record.match_state != "unhandled" for record in self):
            raise UserError(
                self.env._(
                    "Only movements that are not handled need an account. Take the "
                    "others out of your selection."
                )
            )
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "These movements belong to several companies. Choose the account "
                    "for each company apart."
                )
            )

    def _choose_account(self, account):
        """Book these movements against an account: what told of each is processed
        again, and takes all that a booking has to pass.

        :raises UserError: if the account is the first side of the entry already.
        """
        for source in self.source_id:
            if source._get_clearing_account() == account:
                raise UserError(
                    self.env._(
                        "The clearing account is the other side already. Choose the "
                        "account that says where the money went to or came from."
                    )
                )
        self.other_account_id = account
        logs = self.env["saas.sync.log"]
        logs._append(
            [
                {
                    "source_id": record.source_id.id,
                    "action": Action.MOVEMENT_ACCOUNT_CHOSEN.value,
                    "res_model": record._name,
                    "res_id": record.id,
                    "detail": account.display_name,
                }
                for record in self
            ]
        )
        self._get_telling()._without_held()._replay_and_open()

    def _get_telling(self):
        """Return the events that told of these movements."""
        told = self.env["saas.sync.log"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("action", "=", Action.MOVEMENT.value),
            ]
        )
        return told.event_id

    @api.depends(
        "amount_minor",
        "fee_minor",
        "net_minor",
        "booked_minor",
        "exponent",
        "match_state",
    )
    def _compute_amounts(self):
        for transaction in self:
            unit = 10**transaction.exponent
            transaction.amount = transaction.amount_minor / unit
            transaction.fee = transaction.fee_minor / unit
            transaction.net = transaction.net_minor / unit
            transaction.booked = transaction.booked_minor / unit
            difference = transaction.net_minor - transaction.booked_minor
            # Two movements of one object that cancel out are not booked, so both sides
            # are alike.
            matched = transaction.match_state == "matched"
            transaction.difference = 0 if matched else difference / unit
