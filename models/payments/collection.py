from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ...canonical.actions import Action
from ...canonical.payments.collecting import (
    LIVE_STATES,
    ORDER_LABEL,
    CollectionReason,
    CollectionState,
    make_key,
)
from ...canonical.review.areas import Area, Stage
from ..big_integer import BigInteger

_LIVE = ", ".join(f"'{state}'" for state in LIVE_STATES)


class SaasCollection(models.Model):
    """A command to have a gateway collect what is due on an own invoice. It is written
    in the transaction that posts the invoice, and sent by a job.

    An invoice has one live command at most, so its money is never asked for twice at
    once. ``amount`` has ``exponent`` decimals: it is what was due when it was ordered,
    and once it is sent, what is collected, as the gateway counts it. ``key`` is what
    the gateway knows the order by, and ``customer_ref`` who pays there: both stay as
    they are however often it is sent.
    """

    _name = "saas.collection"
    _description = "SaaS collection"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    source_id = fields.Many2one(
        "saas.source",
        string="Gateway",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    tenant_id = fields.Many2one(
        "saas.tenant",
        string="Payer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Integer(
        string="Attempt",
        required=True,
        readonly=True,
        help="Which attempt this is to collect the invoice, counted from 1.",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        help="The gateway knows the order by it, and does it once.",
    )
    amount = BigInteger(required=True, readonly=True)
    exponent = fields.Integer(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    total = fields.Monetary(compute="_compute_total")
    state = fields.Selection(
        [
            (CollectionState.WAITING.value, "Waiting"),
            (CollectionState.SENT.value, "Sent"),
            (CollectionState.PENDING.value, "Pending"),
            (CollectionState.SUCCEEDED.value, "Collected"),
            (CollectionState.FAILED.value, "Failed"),
            (CollectionState.NEEDS_CUSTOMER.value, "Needs the customer"),
            (CollectionState.CANCELED.value, "Canceled"),
        ],
        required=True,
        readonly=True,
        default=CollectionState.WAITING.value,
        index=True,
    )
    detail = fields.Char(
        string="The Gateway Says",
        readonly=True,
        help="What the gateway has answered, in its own words.",
    )
    customer_ref = fields.Char(
        string="Customer at the Gateway",
        readonly=True,
        help="Which customer of the gateway pays, since it is sent.",
    )
    external_id = fields.Char(
        string="ID at the Gateway",
        readonly=True,
        help="The payment that the gateway made for this order.",
    )
    link = fields.Char(
        string="Payment Link",
        readonly=True,
        help="The gateway's page on which the customer can pay.",
    )
    link_ref = fields.Char(readonly=True)
    link_until = fields.Datetime(
        string="Link Valid Until",
        readonly=True,
        help="Until when the customer can use the payment link.",
    )
    sent_at = fields.Datetime(string="Sent", readonly=True)
    told_at = fields.Datetime(
        string="Last Told",
        readonly=True,
        help="The moment of the newest event that the gateway told of the money.",
    )
    told = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What the gateway told last of each payment that was made for the order, "
        "by the payment's id: when, the state, the reason, and whether money came.",
    )
    asked_at = fields.Datetime(
        readonly=True, help="When the gateway was last asked what became of it."
    )
    mailed_at = fields.Datetime(
        string="Link Mailed", readonly=True, help="When the link went to the customer."
    )
    attempts = fields.Integer(
        string="Calls", readonly=True, help="How often the gateway was called for it."
    )
    next_try = fields.Datetime(
        readonly=True, help="When the gateway is called for it again."
    )
    is_unclear = fields.Boolean(
        string="Outcome Unknown",
        readonly=True,
        help="A call may have reached the gateway and its answer did not come. The "
        "gateway is asked before anything else is sent.",
    )
    is_retried = fields.Boolean(
        string="The Gateway Tries Again",
        readonly=True,
        help="The gateway has said that it will try again by itself.",
    )
    is_withdrawn = fields.Boolean(
        string="To Be Canceled",
        readonly=True,
        help="The gateway is to take no money for it any more.",
    )

    _live_unique = models.UniqueIndex(
        f"(move_id) WHERE state IN ({_LIVE})",
        "The invoice is being collected already. Wait until that has ended.",
    )
    _key_unique = models.UniqueIndex("(key)")
    _number_unique = models.UniqueIndex("(move_id, number)")

    @api.depends("move_id")
    def _compute_display_name(self):
        # Not everybody who may see a command may read invoices.
        for command in self:
            command.display_name = command.sudo().move_id.display_name

    @api.depends("amount", "exponent")
    def _compute_total(self):
        for command in self:
            command.total = command.amount / 10**command.exponent

    # -- ordering -----------------------------------------------------------------

    @api.model
    def _request(self, moves):
        """Order the money of own invoices, where a gateway collects from who pays them.
        It is to be called in the transaction that posts, which is then all there is: a
        job sends the orders once that is committed.

        What isn't open, or has a live command, is left out.

        :param moves: ``account.move``, posted and bound to the company's own source.
        :return: the commands, as superuser.
        """
        moves = moves.sudo().filtered(
            lambda move: (
                move.saas_tenant_id._get_collected().collection_source_id
                and move._get_saas_uncollected() > 0
            )
        )
        numbers, live = self._read_known(moves)
        commands = live.saas_collection_ids
        idle = commands.filtered(lambda c: c._is_live() and c._is_idle())
        idle._give_up(CollectionReason.REPLACED)
        live -= idle.move_id
        commands = self.sudo().create(
            [
                self._prepare_command_vals(move, numbers.get(move, 0) + 1)
                for move in moves - live
            ]
        )
        if commands:
            commands._link_gateways()
            commands._log(Action.COLLECTION_ORDERED)
            commands._enqueue_decide()
        return commands

    @api.model
    def _read_known(self, moves):
        """Return the number of the newest command by invoice, and the invoices that
        have a live one.
        """
        own = [("move_id", "in", moves.ids)]
        numbers = dict(
            self.sudo()._read_group(own, ["move_id"], aggregates=["number:max"])
        )
        live = self.sudo().search([*own, ("state", "in", LIVE_STATES)])
        return numbers, live.move_id

    @api.model
    def _prepare_command_vals(self, move, number):
        payer = move.saas_tenant_id._get_collected()
        exponent = move.currency_id.decimal_places
        due = move._get_saas_uncollected()
        return {
            "move_id": move.id,
            "source_id": payer.collection_source_id.id,
            "tenant_id": payer.id,
            "number": number,
            "key": make_key(
                move.saas_source_id.token, move.saas_external_id, str(number)
            ),
            "amount": int(due.scaleb(exponent)),
            "exponent": exponent,
            "currency_id": move.currency_id.id,
        }

    def _link_gateways(self):
        """See to it that what gateways collect settles the invoices it is for."""
        for own, commands in self.grouped(lambda c: c.move_id.saas_source_id).items():
            if missing := commands.source_id - own.payer_ids:
                own.payer_ids |= missing

    def _get_labels(self):
        """Return the metadata by which a payment leads to the invoice that it is for,
        and to this command.
        """
        self.ensure_one()
        key = self._get_invoice_key()
        return ((key, self.move_id.saas_external_id), (ORDER_LABEL, self.key))

    def _get_invoice_key(self):
        """Return under which key of its metadata a payment names the invoice; an empty
        text if the gateway's source reads none.
        """
        return (self.source_id.invoice_id_keys or "").split(",")[0].strip()

    def _is_linked(self):
        """Return whether money of this command would be booked on its invoice."""
        self.ensure_one()
        gateway, issuer = self.source_id, self.move_id.saas_source_id
        return (
            bool(self._get_invoice_key())
            and issuer in gateway.issuer_ids
            and gateway._get_stage(Area.PAYMENTS) is Stage.ON
        )
