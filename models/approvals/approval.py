from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...canonical.review.duties import Decision, SignState
from ..roles import roles_of

_MINE = "waits_for_me"


class SaasApproval(models.Model):
    """A decision that one person has proposed and others sign: what it is, as they were
    shown it, and who signed. One row is about all that was decided at once, such as all
    events of a case.

    Nobody writes it: it is changed by ``action_approve`` and ``action_refuse`` alone.
    The database itself refuses that an author signs, or that one person signs twice.
    """

    _name = "saas.approval"
    _description = "SaaS approval"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "summary"
    # Who may read a proposal may write about it.
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(),
        string="Decision",
        required=True,
        readonly=True,
    )
    summary = fields.Char(string="What Is Proposed", required=True, readonly=True)
    lines = fields.Text(
        string="What Was Chosen",
        readonly=True,
        help="What the person has chosen, as their form showed it.",
    )
    note = fields.Char(string="Why", readonly=True)
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Who has decided. It is applied in their name, with their rights.",
    )
    requested_by = fields.Many2one("res.users", required=True, readonly=True)
    amount = fields.Monetary(
        string="At Stake", currency_field="company_currency_id", readonly=True
    )
    amount_known = fields.Boolean(readonly=True)
    event_ids = fields.Many2many(
        "saas.subscription.event",
        "saas_approval_event_rel",
        "approval_id",
        "event_id",
        string="Events",
        readonly=True,
    )
    source_ids = fields.Many2many(
        "saas.source",
        "saas_approval_source_rel",
        "approval_id",
        "source_id",
        string="Sources",
        readonly=True,
        help="The sources whose logs tell of it.",
    )
    form = fields.Char(
        required=True, readonly=True, help="The form that the decision was made with."
    )
    form_values = fields.Json(readonly=True, help="What was entered in the form.")
    subject_key = fields.Char(required=True, readonly=True)
    subject_digest = fields.Char(
        readonly=True,
        help="SHA-256 of what was chosen, of what it is about, and of what the preview "
        "says comes of it. If one of these changes, nobody can sign it any more.",
    )
    preview = fields.Html(
        string="What Comes of It", readonly=True, sanitize=False, copy=False
    )
    is_sample = fields.Boolean(
        string="Looked at Afterwards",
        readonly=True,
        help="It needed no signature and counts already. An approver looks at it.",
    )
    needed = fields.Integer(
        string="Signatures Needed", required=True, readonly=True, default=1
    )
    state = fields.Selection(
        [
            (SignState.WAITING.value, "Waiting"),
            (SignState.APPROVED.value, "Approved"),
            (SignState.REFUSED.value, "Refused"),
            (SignState.VOID.value, "Void"),
        ],
        required=True,
        readonly=True,
        default=SignState.WAITING.value,
    )
    decided_by_1 = fields.Many2one(
        "res.users", string="Signed By", readonly=True, ondelete="restrict"
    )
    decided_by_2 = fields.Many2one(
        "res.users", string="Also Signed By", readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime(string="Decided", readonly=True)
    answer = fields.Char(readonly=True, help="Why it was refused, or why it is void.")
    previous_id = fields.Many2one(
        "saas.approval",
        string="Asked Before",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The proposal that was void because what it was about had changed.",
    )
    may_sign = fields.Boolean(compute="_compute_may_sign")
    waits_for_me = fields.Boolean(store=False, search="_search_waits_for_me")

    _waiting_unique = models.UniqueIndex(
        "(company_id, subject_key) WHERE state = 'waiting' AND NOT is_sample"
    )
    _waiting_index = models.Index("(company_id, id) WHERE state = 'waiting'")
    _author_check = models.Constraint(
        """CHECK (decided_by_1 <> author_id AND decided_by_1 <> requested_by
              AND decided_by_2 <> author_id AND decided_by_2 <> requested_by)""",
        "Nobody can sign what they have decided or proposed themselves.",
    )
    _two_check = models.Constraint(
        "CHECK (decided_by_2 <> decided_by_1)", "Two signatures are of two people."
    )
    _needed_check = models.Constraint(
        "CHECK (needed BETWEEN 1 AND 2)", "One or two people can sign a decision."
    )
    _signed_check = models.Constraint(
        """CHECK ((state NOT IN ('approved', 'refused') OR decided_by_1 IS NOT NULL)
              AND (state <> 'approved' OR needed = 1 OR decided_by_2 IS NOT NULL))""",
        "A decision counts once all who are needed have signed it.",
    )

    @api.model
    def _get_kinds(self):
        return [
            (Decision.MAP.value, self.env._("Map a product or a tax")),
            (
                Decision.MAP_OTHERWISE.value,
                self.env._("Change a mapping or a tax rule"),
            ),
            (
                Decision.SET_UP.value,
                self.env._("Change journals, accounts or defaults"),
            ),
            (Decision.CHOOSE_CUSTOMER.value, self.env._("Choose the customer")),
            (Decision.IGNORE.value, self.env._("Ignore documents or money")),
            (Decision.BIND.value, self.env._("Bind what was booked by hand")),
            (Decision.REOPEN.value, self.env._("Book after all")),
            (Decision.ACCEPT_DIFFERENCE.value, self.env._("Accept a difference")),
            (
                Decision.MOVEMENT_ACCOUNT.value,
                self.env._("Choose the account of a movement"),
            ),
            (Decision.CURRENCY.value, self.env._("Set up a currency")),
            (
                Decision.SUBSCRIPTION.value,
                self.env._("Change a subscription by hand"),
            ),
            (Decision.DISCOUNT.value, self.env._("Give or end a discount")),
            (
                Decision.USAGE.value,
                self.env._("Set usage aside, or choose which counts"),
            ),
            (
                Decision.ACCEPT_ONCE.value,
                self.env._("Accept what another system owns, once"),
            ),
            (
                Decision.STAGES.value,
                self.env._("Leave areas alone, or only observe them"),
            ),
            (Decision.SWITCH_ON.value, self.env._("Switch an area on")),
            (Decision.WRITE_OFF.value, self.env._("Write debts off")),
            (Decision.OWNERSHIP.value, self.env._("Change which system owns what")),
            (Decision.POLICY.value, self.env._("Change who has to sign")),
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Approvals can't be deleted: they say who signed what. Refuse one that "
                "should not count."
            )
        )

    @api.depends("state", "author_id", "requested_by", "decided_by_1")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        is_approver = "approver" in roles_of(self.env.user)
        for approval in self:
            own = approval.author_id | approval.requested_by | approval.decided_by_1
            approval.may_sign = (
                is_approver
                and approval.state == SignState.WAITING
                and self.env.user not in own
            )

    def _search_waits_for_me(self, operator, value):
        """Search what the user can sign now."""
        if operator not in ("in", "=") or not value:
            return NotImplemented
        return self._get_signable(self.env.user)

    @api.model
    def _get_signable(self, user):
        """Return the domain of what a user can sign."""
        if "approver" not in roles_of(user):
            return Domain.FALSE
        return (
            Domain("state", "=", SignState.WAITING.value)
            & Domain("author_id", "!=", user.id)
            & Domain("requested_by", "!=", user.id)
            & Domain("decided_by_1", "!=", user.id)
        )

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of decisions that count once they are signed."""
        return Domain("state", "=", SignState.WAITING.value) & Domain(
            "is_sample", "=", False
        )

    @api.model
    def _get_proposed(self):
        """Return the events about which a decision waits to be signed."""
        return self.search(self._get_waiting_domain()).event_ids
