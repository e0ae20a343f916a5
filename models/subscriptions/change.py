import hashlib
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.moments import naive
from ...canonical.subscriptions.lifecycle import WITHDRAWN, Change, Event
from ..big_integer import BigInteger

#: What follows from all changes of a subscription, and is kept with each.
_FOLLOWS = frozenset(("outcome", "refusal", "takes_effect_at", "event_id"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SaasSubscriptionChange(models.Model):
    """One thing that is known of a subscription: what happened to it, or will, since
    when, and who said so. Rows are only added; a wrong one is withdrawn by another.

    What comes of a row (whether it has an effect, and when) follows from all rows of
    its subscription, and is kept with it for people to see.
    """

    _name = "saas.subscription.change"
    _description = "SaaS change of a subscription"
    _inherit = ["saas.guarded.mixin"]
    _order = "takes_effect_at desc, known desc, id desc"
    _rec_name = "kind"

    subscription_id = fields.Many2one(
        "saas.subscription", required=True, readonly=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(related="subscription_id.tenant_id")
    source_id = fields.Many2one(
        "saas.source",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The system that told it, or in whose log it is noted.",
    )
    company_id = fields.Many2one(related="subscription_id.company_id", store=True)
    kind = fields.Selection(
        [
            (Event.AGREED.value, "Agreed"),
            (Event.ACTIVATED.value, "Activated"),
            (Event.TRIAL_ENDED.value, "Trial ended"),
            (Event.CHANGED.value, "Changed"),
            (Event.PAUSED.value, "Paused"),
            (Event.RESUMED.value, "Resumed"),
            (Event.RENEWED.value, "Renewed"),
            (Event.CANCELED.value, "Canceled"),
            (WITHDRAWN, "Withdrawn"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    effective_at = fields.Datetime(
        string="Told For",
        required=True,
        readonly=True,
        help="Since when it is so, as it was told.",
    )
    at_period_end = fields.Boolean(
        readonly=True, help="It takes effect at the end of the period it was told for."
    )
    known = BigInteger(
        required=True,
        readonly=True,
        help="When its sender said it, in microseconds since 1970: what was said later "
        "counts before what was said earlier.",
    )
    known_at = fields.Datetime(string="Told", compute="_compute_known_at")
    sequence = BigInteger(readonly=True, help="The sender's own count.")
    key = fields.Char(
        required=True,
        readonly=True,
        help="What names it. What comes under a known name is the same again.",
    )
    part = fields.Char(
        string="At the Sender",
        readonly=True,
        help="The subscription's id at the sender, who may have several for one here.",
    )
    continues = fields.Char(
        readonly=True, help="The id at the sender that goes on as this one."
    )
    withdraws = fields.Char(readonly=True, help="The key of what is withdrawn.")
    terms = fields.Json(
        readonly=True,
        help="What is agreed, by name; what it leaves out stays as it was.",
    )
    trial_end = fields.Datetime(readonly=True)
    note = fields.Char(readonly=True, help="Why a person did it.")
    event_id = fields.Many2one(
        "saas.subscription.event",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    contract_id = fields.Many2one(
        "saas.contract", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", string="Done By", readonly=True, ondelete="restrict"
    )
    outcome = fields.Selection(
        [
            ("applied", "Counts"),
            ("kept", "Was so already"),
            ("refused", "Not allowed"),
            ("moot", "Overtaken"),
            ("withdrawn", "Withdrawn"),
        ],
        string="What Came of It",
        required=True,
        readonly=True,
        default="applied",
        help="Overtaken: it was right when it was told, and something that was told "
        "later leaves no room for it.",
    )
    refusal = fields.Selection(
        selection=lambda self: [*self._describe_refusals().items()],
        string="Why Not",
        readonly=True,
    )
    takes_effect_at = fields.Datetime(string="Takes Effect", readonly=True)
    digest = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        help="SHA-256 of what was told under this key, to be compared with what comes "
        "again.",
    )

    _key_unique = models.UniqueIndex("(subscription_id, key)")

    @api.depends("known")
    def _compute_known_at(self):
        for row in self:
            moment = _EPOCH + timedelta(microseconds=row.known or 0)
            row.known_at = moment.replace(tzinfo=None, microsecond=0)

    # -- only added ----------------------------------------------------------------

    def write(self, vals):
        if not self.env.su or vals.keys() - _FOLLOWS:
            raise AccessError(
                self.env._(
                    "A change of a subscription stays as it was told. Withdraw it, and "
                    "make another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Changes of subscriptions can't be deleted: they prove what was "
                "billed. Withdraw the change instead."
            )
        )

    @api.model
    def _prepare_fact_vals(self, fact, terms, **vals):
        """Return the values of the row that keeps what a fact states.

        :param fact: a :class:`~...canonical.facts.SubscriptionChange`.
        :param terms: what is kept of its terms.
        :param vals: of further fields, such as who told it.
        """
        told = fact.model_dump_json(exclude={"customer", "version"})
        return {
            "kind": fact.change,
            "effective_at": _store(fact.effective_at),
            "at_period_end": fact.at_period_end,
            "known": count_micros(fact.known_at),
            "sequence": fact.sequence,
            "key": fact.external_id,
            "part": fact.subscription,
            "continues": fact.continues or False,
            "withdraws": fact.withdraws or False,
            "terms": terms or False,
            "trial_end": _store(fact.trial_end),
            "digest": hashlib.sha256(told.encode()).hexdigest(),
            **vals,
        }

    def _prepare_withdrawal_vals(self, known_at, **vals):
        """Return the values of the row that withdraws this one.

        :param known_at: when that was said, an aware moment.
        :param vals: of further fields, such as who said it.
        """
        self.ensure_one()
        return {
            "subscription_id": self.subscription_id.id,
            "source_id": self.source_id.id,
            "kind": WITHDRAWN,
            "effective_at": self.effective_at,
            "known": count_micros(known_at),
            "key": f"withdrawn {self.key}",
            "withdraws": self.key,
            **vals,
        }

    # -- what it is to the rules ---------------------------------------------------

    def _make_change(self):
        """Return this row as the rules of a life take it."""
        self.ensure_one()
        return make_change(self, self.source_id.id)

    def action_open_event(self):
        """Open the event that told it.

        :raises UserError: if a person did it.
        """
        self.ensure_one()
        if not self.event_id:
            raise UserError(self.env._("No event told this: a person did it."))
        return self._in_company(
            self.env["saas.subscription.event"]._action_open(self.event_id)
        )


def make_change(told, source):
    """Return what is told as the rules of a life take it.

    :param told: a row, or the values of one that is not kept.
    :param source: the id of the source that told it: ids of several systems are told
        apart by that.
    """

    def name(part):
        return f"{source}:{part}" if part else ""

    return Change(
        told["kind"],
        aware(told["effective_at"]),
        _EPOCH + timedelta(microseconds=told["known"]),
        told["key"],
        told["sequence"],
        told["terms"] or None,
        aware(told["trial_end"]) or None,
        withdraws=told["withdraws"] or "",
        part=name(told["part"]),
        continues=name(told["continues"]),
    )


def aware(moment):
    """Return a moment as Odoo stores it, with its zone, which is UTC."""
    return moment and moment.replace(tzinfo=UTC)


def count_micros(moment):
    """Return an aware moment in microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _store(moment):
    """Return an aware moment as Odoo stores it, which is by the second."""
    return naive(moment).replace(microsecond=0) if moment else False
