from odoo import api, fields, models

from ...canonical.marks import RELINKING
from ...canonical.money import to_decimal
from ...canonical.payments.dunning import Promise, Wait
from ..big_integer import BigInteger

#: Tenants that the transaction has yet to follow, by its hooks' data.
_KEY = "saas_dunning_follow"


class SaasDunningState(models.Model):
    """Where a tenant stands with what it owes in a currency: since when, how much, of
    how many invoices, and what comes next. It follows from the books and from the steps
    that were taken; nobody writes it.

    Amounts are in minor units, with ``exponent`` decimals.
    """

    _name = "saas.dunning.state"
    _description = "SaaS dunning state"
    _inherit = ["saas.guarded.mixin"]
    _order = "oldest_due, id"
    # What changes it is logged as what it is; a row is written with each payment.
    _log_access = False

    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    exponent = fields.Integer(required=True, readonly=True)
    oldest_due = fields.Date(readonly=True, help="Since this day something is overdue.")
    days = fields.Integer(string="Days Overdue", compute="_compute_days")
    amount = BigInteger(required=True, readonly=True, default=0)
    disputed = BigInteger(required=True, readonly=True, default=0)
    retried = BigInteger(required=True, readonly=True, default=0)
    total = fields.Monetary(
        string="Overdue",
        compute="_compute_totals",
        help="What is overdue and not disputed, less what the tenant has paid on "
        "account.",
    )
    total_disputed = fields.Monetary(string="Of It Disputed", compute="_compute_totals")
    total_retried = fields.Monetary(
        string="A Gateway Tries",
        compute="_compute_totals",
        help="A gateway collects this, or will try again by itself. The tenant is not "
        "asked for it meanwhile.",
    )
    invoice_count = fields.Integer(string="Invoices", readonly=True)
    step_ids = fields.One2many("saas.dunning.step", "state_id", readonly=True)
    last_step_id = fields.Many2one(
        "saas.dunning.step", string="Done Last", readonly=True, ondelete="set null"
    )
    next_step_id = fields.Many2one(
        "saas.dunning.policy.step",
        string="Comes Next",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    next_day = fields.Date(string="On", readonly=True)
    waits_for = fields.Selection(
        [
            (Wait.DISPUTED.value, "All of it is disputed"),
            (Wait.RETRIED.value, "A gateway collects it"),
            (Wait.PROMISED.value, "The tenant has promised to pay"),
            (Wait.STOPPED.value, "The tenant's risk stops it"),
            (Wait.NO_POLICY.value, "There is no policy"),
            (Wait.ENDED.value, "No step is left"),
        ],
        string="Nothing Is Done Because",
        readonly=True,
    )
    is_restricted = fields.Boolean(string="Restricted", readonly=True)
    promised_until = fields.Date(readonly=True)
    promise_lifts = fields.Boolean(string="Not Restricted Until Then", readonly=True)
    promise_note = fields.Char(string="Who Promised What", readonly=True)
    promise_user_id = fields.Many2one(
        "res.users", string="Noted By", readonly=True, ondelete="restrict"
    )
    problem = fields.Char(
        readonly=True, help="Why the last step could not be taken. It is tried daily."
    )

    _tenant_unique = models.UniqueIndex("(tenant_id, currency_id)")

    @api.depends("tenant_id", "currency_id")
    def _compute_display_name(self):
        for state in self:
            names = (state.tenant_id.name, state.currency_id.name)
            state.display_name = ", ".join(filter(None, names))

    @api.depends("oldest_due")
    @api.depends_context("tz")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for state in self:
            since = state.oldest_due
            state.days = (today - since).days if since else 0

    @api.depends("amount", "disputed", "retried", "exponent")
    def _compute_totals(self):
        for state in self:
            for name, minor in (
                ("total", state.amount),
                ("total_disputed", state.disputed),
                ("total_retried", state.retried),
            ):
                state[name] = float(to_decimal(minor, state.exponent))

    def _make_promise(self):
        """Return what the tenant has promised, as the rule takes it, or None."""
        self.ensure_one()
        if not self.promised_until:
            return None
        return Promise(self.promised_until, self.promise_lifts)

    def _get_log_source(self):
        """Return the source in whose log a change by a person is noted."""
        self.ensure_one()
        return self.tenant_id._get_log_source()

    # -- in the transaction that books ---------------------------------------------

    @api.model
    def _follow(self, tenants):
        """See to it that states of tenants are brought to what the books say, at the
        end of this transaction and as a part of it. Where nobody has a state, and so
        was never overdue, that costs one look.

        :param tenants: whose documents or money were settled, or are open again.
        """
        if not tenants:
            return
        hooks = self.env.cr.precommit
        waiting = hooks.data.setdefault(_KEY, set())
        if not waiting:
            hooks.add(self.sudo()._follow_now)
        waiting.update(tenants.ids)

    def _follow_now(self):
        """Bring the states of those to what the books say who wait for it."""
        waiting = self.env.cr.precommit.data.pop(_KEY, set())
        tenants = self.env["saas.tenant"].browse(waiting)
        payers = self.env["saas.tenant"].union(*(t._get_collected() for t in tenants))
        known = self.search([("tenant_id", "in", payers.ids)]).tenant_id
        if known:
            self.env["saas.collections.standing"]._refresh(known)

    # -- tenants that become one -----------------------------------------------------

    def _join(self, loser, winner):
        """Let what two tenants owe be one: they have become one tenant. The steps that
        were taken about either were taken, and of two promises the later one stands.
        """
        relinking = self.with_context(**RELINKING.in_context())
        gone = relinking.search([("tenant_id", "=", loser.id)])
        if not gone:
            return
        kept = relinking.search([("tenant_id", "=", winner.id)]).grouped("currency_id")
        for state in gone:
            if own := kept.get(state.currency_id):
                own._take_over(state)
            else:
                # Others have not been told of the winner that it is restricted.
                state.write({"tenant_id": winner.id, "is_restricted": False})
        gone.filtered(lambda state: state.tenant_id == loser).unlink()
        self.env["saas.collections.standing"]._refresh(winner)

    def _take_over(self, other):
        """Take over the steps of another state, and its promise if that is later."""
        self.ensure_one()
        other.step_ids.state_id = self
        until = other.promised_until
        if until and (not self.promised_until or until > self.promised_until):
            names = ("promised_until", "promise_lifts", "promise_note")
            self.write(
                {name: other[name] for name in names}
                | {"promise_user_id": other.promise_user_id.id}
            )
