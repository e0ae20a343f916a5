import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

#: When a source is to come back that was turned away for too many events waiting:
#: time for a few drains, and no long pause for its sender.
_BACKLOG_SECONDS = 30


class SaasSource(models.Model):
    """One account at an external system, and how its facts are booked here."""

    _name = "saas.source"
    _description = "SaaS source"
    _inherit = ["saas.guarded.mixin", "saas.ruled.mixin", "mail.thread"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True)
    adapter = fields.Selection(
        [
            ("stripe", "Stripe"),
            ("gocardless", "GoCardless"),
            ("standard", "Standard (CloudEvents)"),
            ("odoo", "Odoo (own invoices)"),
        ],
        required=True,
        default=lambda self: self._fields["adapter"].get_values(self.env)[0],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [("active", "Active"), ("paused", "Paused")],
        required=True,
        default="active",
        tracking=True,
        help="A paused source still accepts events. They are processed when it is "
        "active again.",
    )
    livemode = fields.Boolean(
        string="Live Mode",
        help="Whether this is the real account. An event of the other mode is "
        "quarantined.",
    )
    account_ref = fields.Char(
        string="Account ID",
        help="The account's own id at the source, such as acct_…. It is needed "
        "only if the source names an account in its events.",
    )
    token = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: secrets.token_urlsafe(24),
        help="The part of the webhook's address that names this source.",
    )
    secret_ids = fields.One2many("saas.source.secret", "source_id", copy=False)
    signature_tolerance = fields.Integer(
        string="Time Window (seconds)",
        required=True,
        default=300,
        help="How old or how early a signature may be, in seconds.",
    )
    rate_limit = fields.Integer(
        string="Events per Minute",
        help="Above this rate the source is told to send later. 0 means no limit.",
    )
    max_backlog = fields.Integer(
        string="Events Waiting at Most",
        help="While so many events wait to be processed, the source is told to "
        "send later. Nothing that was accepted is lost. 0 means no limit.",
    )
    max_attempts = fields.Integer(
        required=True,
        default=8,
        help="How often an event is tried again before it is given up as dead.",
    )
    park_hours = fields.Integer(
        string="Hours to Wait",
        required=True,
        default=72,
        help="How long an event waits for another one before a person is asked.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The time zone that decides on which day a moment is booked.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        help="The user who gets the activities, such as for a payment that failed.",
    )

    sale_journal_id = fields.Many2one(
        "account.journal",
        string="Invoice Journal",
        domain="[('type', '=', 'sale')]",
        check_company=True,
    )
    clearing_journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'bank')]",
        check_company=True,
        help="A bank journal of its own for the money this source holds for you.",
    )
    default_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        help="The product for lines whose own product has no mapping. If it is "
        "empty, such an event is quarantined.",
    )
    default_income_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="The income account for products without one.",
    )
    default_tax_id = fields.Many2one(
        "account.tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('price_include', '=', False)]",
        help="The tax for tax rates without a mapping. If it is empty, such an "
        "event is quarantined.",
    )
    product_mapping_ids = fields.One2many("saas.product.mapping", "source_id")
    tax_mapping_ids = fields.One2many("saas.tax.mapping", "source_id")
    tax_rule_ids = fields.One2many("saas.tax.rule", "source_id")
    tax_rate_ids = fields.One2many("saas.tax.rate", "source_id")

    _token_unique = models.UniqueIndex("(token)")
    _limits_positive = models.Constraint(
        "CHECK (signature_tolerance > 0 AND rate_limit >= 0 AND max_backlog >= 0"
        " AND max_attempts > 0 AND park_hours > 0)",
        "The time window, the tries and the hours to wait must be positive.",
    )

    @api.constrains("default_tax_id")
    def _check_default_tax(self):
        self.default_tax_id._check_saas_usable()

    @api.constrains("clearing_journal_id", "state")
    def _check_clearing_journal(self):
        """Money of two sources in one journal could never be told apart again."""
        for source in self.filtered("clearing_journal_id"):
            if self.sudo().search_count(
                [
                    ("clearing_journal_id", "=", source.clearing_journal_id.id),
                    ("id", "!=", source.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "The journal %(journal)s already clears another source. "
                        "Create a bank journal for each source.",
                        journal=source.clearing_journal_id.display_name,
                    )
                )

    def init(self):
        """Create the marks of drains for sources that are there before this code."""
        self.env.cr.execute("SELECT id FROM saas_source")
        sources = self.browse(id_ for (id_,) in self.env.cr.fetchall())
        self.env["saas.watch"]._create_marks(sources)

    def unlink(self):
        # The database deletes a source's secrets with it, without asking us.
        secrets, credentials = self.sudo().secret_ids, self.sudo().credential_ids
        credentials.unlink()
        result = super().unlink()
        for records in (secrets, self):
            self.env["saas.vault"]._forget(records)
        self.env["saas.watch"]._drop_marks(self)
        self.env["saas.reading.budget"]._forget(self)
        self.env["saas.call.time"]._forget(self)
        return result

    def write(self, vals):
        resumed = self.browse()
        if vals.get("state") == "active":
            resumed = self.filtered(lambda source: source.state == "paused")
        links = self._get_links() if vals.keys() & {"issuer_ids", "payer_ids"} else {}
        result = super().write(vals)
        self._follow_links(links)
        if "clearing_journal_id" in vals:
            self.env["saas.ledger.chart"]._set_up_clearing(self.clearing_journal_id)
        resumed.sudo().cursor_ids._restart()
        resumed._enqueue_drain()
        if not self.env.su:
            # What code fills in is followed by what it does next.
            self.env["saas.exception"]._free_set_up(self, vals)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        self.env["saas.watch"]._create_marks(sources)
        self.env["saas.ledger.chart"]._set_up_clearing(sources.clearing_journal_id)
        self.env["saas.sync.log.chain"].sudo()._ensure(sources)
        sources._follow_links(dict.fromkeys(sources.sudo(), sources.browse()))
        return sources

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        logs = self.env["saas.sync.log"].sudo()
        if logs.search_count([("source_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A source with a log can't be deleted: the log is kept for good. "
                    "Pause the source instead."
                )
            )

    def _get_log_source(self):
        """A change of a source is noted in its own log."""
        self.ensure_one()
        return self

    def _get_adapter(self):
        """Return the adapter's model of this source."""
        self.ensure_one()
        return self.env[f"saas.adapter.{self.adapter}"]

    def _get_valid_secrets(self):
        """Return the values of the secrets that are valid now, newest first."""
        self.ensure_one()
        now = fields.Datetime.now()
        valid = Domain("source_id", "=", self._origin.id)
        valid &= Domain("valid_from", "=", False) | Domain("valid_from", "<=", now)
        valid &= Domain("valid_until", "=", False) | Domain("valid_until", ">", now)
        valid = self.env["saas.source.secret"].sudo().search(valid)
        # All at once, on every webhook's way. One that can't be opened is missing.
        values = self.env["saas.vault"]._get(valid)
        return [values[number] for number in sorted(values, reverse=True)]

    def _get_seconds_over_rate(self):
        """Return after how many seconds an event fits the rate again; 0: now."""
        self.ensure_one()
        if not self.rate_limit:
            return 0
        now = fields.Datetime.now()
        self.env.cr.execute(
            """SELECT received_at FROM saas_subscription_event
               WHERE source_id = %s AND received_at > %s
               ORDER BY received_at DESC OFFSET %s LIMIT 1""",
            (self.id, now - timedelta(minutes=1), self.rate_limit - 1),
        )
        row = self.env.cr.fetchone()
        return row and max(1, 60 - int((now - row[0]).total_seconds())) or 0

    def _get_seconds_over_backlog(self):
        """Return after how many seconds to ask whether there is room for an event
        again; 0: there is. Looks at no more events than may wait.
        """
        self.ensure_one()
        if not self.max_backlog:
            return 0
        self.env.cr.execute(
            """SELECT 1 FROM saas_subscription_event
               WHERE source_id = %s AND state = 'received' OFFSET %s LIMIT 1""",
            (self.id, self.max_backlog - 1),
        )
        return _BACKLOG_SECONDS if self.env.cr.rowcount else 0

    def _localize_date(self, moment):
        """Return the day on which an aware ``moment`` is booked."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.tz), moment.replace(tzinfo=None)
        ).date()
