import importlib.util

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...canonical.border.inbound import Capability
from ...canonical.errors import Quarantine, Transient
from ..notification import notify


class SaasSource(models.Model):
    """Shows what a person still has to do before a source works, tries what they have
    set up, and creates the endpoint for them.
    """

    _inherit = "saas.source"

    webhook_url = fields.Char(compute="_compute_webhook_url", string="Webhook Address")
    event_types = fields.Text(
        compute="_compute_event_types", string="Events to Subscribe to"
    )
    # This is read as superuser, because not everybody who may see a source may read its
    # journals.
    setup_missing = fields.Text(
        compute="_compute_setup_missing", compute_sudo=True, string="Still Missing"
    )
    is_ready = fields.Boolean(compute="_compute_setup_missing", compute_sudo=True)
    event_count = fields.Integer(compute="_compute_event_counts")
    exception_count = fields.Integer(compute="_compute_event_counts")

    can_create_endpoint = fields.Boolean(compute="_compute_can_create_endpoint")
    receives = fields.Boolean(compute="_compute_capabilities")
    issues_documents = fields.Boolean(compute="_compute_capabilities")
    holds_money = fields.Boolean(compute="_compute_capabilities")
    signs_time = fields.Boolean(compute="_compute_capabilities")
    setup_steps = fields.Text(
        compute="_compute_setup_steps", string="To Do at the System"
    )

    @api.depends("token")
    def _compute_webhook_url(self):
        for source in self:
            source.webhook_url = f"{source.get_base_url()}/saas/webhook/{source.token}"

    @api.depends("adapter")
    def _compute_event_types(self):
        for source in self:
            source.event_types = source.adapter and "\n".join(
                source._get_adapter()._event_types
            )

    @api.depends("adapter")
    def _compute_capabilities(self):
        for source in self:
            able, signs_time = (), False
            if source.adapter:
                adapter = source._get_adapter()
                able, signs_time = adapter._capabilities, adapter._signs_time
            source.receives = Capability.RECEIVES in able
            source.issues_documents = Capability.ISSUES_DOCUMENTS in able
            source.holds_money = Capability.HOLDS_MONEY in able
            source.signs_time = signs_time

    @api.depends("adapter")
    def _compute_setup_steps(self):
        for source in self:
            adapter = source._get_adapter() if source.adapter else None
            steps = () if adapter is None else adapter._get_setup_steps(source)
            source.setup_steps = "\n".join(
                f"{number}. {step}" for number, step in enumerate(steps, 1)
            )

    @api.depends(
        "adapter",
        "platform_id",
        "can_read",
        "secret_ids.valid_from",
        "secret_ids.valid_until",
        "secret_ids.value",
        "sale_journal_id",
        "clearing_journal_id.default_account_id",
        "default_product_id",
        "product_mapping_ids",
    )
    def _compute_setup_missing(self):
        for source in self:
            missing = source._get_setup_missing()
            source.setup_missing = "\n".join(f"☐ {step}" for step in missing)
            source.is_ready = not missing

    def _compute_event_counts(self):
        groups = self.env["saas.subscription.event"]._read_group(
            [("source_id", "in", self.ids)], ["source_id", "state"], ["__count"]
        )
        counts = {(source.id, state): count for source, state, count in groups}
        for source in self:
            states = {
                state: n for (key, state), n in counts.items() if key == source.id
            }
            source.event_count = sum(states.values())
            source.exception_count = sum(
                states.get(state, 0) for state in ("quarantined", "parked", "dead")
            )

    def _get_setup_missing(self):
        """Return a sentence for each thing that stops events from being booked."""
        self.ensure_one()
        missing = self._get_library_missing()
        needs_secret = self.receives and not self.platform_id
        if needs_secret and not self._get_valid_secrets():
            # Secrets that are there may be ones that can't be opened: then pasting
            # another is not the way.
            missing += self.env["saas.vault"]._find_trouble(self.secret_ids) or [
                self._get_adapter()._describe_secret()
            ]
        if self._get_streams() and not self._has_api_key():
            missing.append(
                self.env._("A credential to read with. Enter it under Connection.")
            )
        able = self._get_adapter()._get_capabilities(self)
        issues = Capability.ISSUES_DOCUMENTS in able
        holds = Capability.HOLDS_MONEY in able
        if issues and not self.sale_journal_id:
            missing.append(self.env._("The journal for invoices."))
        if holds and not self.clearing_journal_id:
            missing.append(
                self.env._("The clearing journal, a bank journal of its own.")
            )
        elif holds and not self.clearing_journal_id.default_account_id:
            missing.append(self.env._("A bank account on the clearing journal."))
        has_product = self.default_product_id or self.product_mapping_ids
        # What Odoo bills itself names its products.
        if issues and not has_product and not self.is_own:
            missing.append(
                self.env._("A default product, or mappings of the source's products.")
            )
        return missing

    def _get_library_missing(self):
        """Return a sentence if the package that this system needs isn't installed."""
        package, module = self._get_adapter()._library or (None, None)
        if not package or importlib.util.find_spec(module):
            return []
        return [
            self.env._(
                "The Python package %(package)s: install it beside Odoo, with "
                "pip install %(package)s, then restart Odoo.",
                package=package,
            )
        ]

    @api.depends("adapter", "platform_id")
    def _compute_can_create_endpoint(self):
        for source in self:
            source.can_create_endpoint = (
                source.adapter
                and not source.platform_id
                and source._get_adapter()._can_create_endpoint
            )

    @api.onchange("company_id")
    def _onchange_sale_journal(self):
        """Propose the journal for invoices where a company has exactly one."""
        if self.sale_journal_id.company_id == self.company_id and self.sale_journal_id:
            return
        journals = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company_id.id)], limit=2
        )
        self.sale_journal_id = journals if len(journals) == 1 else False

    def action_view_events(self):
        """Open the events of this source."""
        return self._action_view_events(self.env._("Events"), {})

    def action_view_exceptions(self):
        """Open the events of this source that wait."""
        return self._action_view_events(
            self.env._("Exceptions"), {"search_default_exceptions": 1}
        )

    def _action_view_events(self, name, context):
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": "saas.subscription.event",
                "view_mode": "list,kanban,form",
                "domain": [("source_id", "=", self.id)],
                "context": context,
            }
        )

    def action_process_now(self):
        """Enqueue the events that wait, without waiting for the minute's sweep."""
        self._check_may_act("operator")
        self.env["saas.environment"]._check_confirmed()
        self._enqueue_drain()
        return notify(self.env._("The waiting events are being processed."))

    def action_verify_log(self):
        """Check the hash chain of this source's log, and say what came of it."""
        self.ensure_one()
        self.check_access("read")
        broken = self.env["saas.sync.log"]._verify_chain(self)
        if broken:
            message = self.env._(
                "The log is broken at row %s: the row was changed, or one before "
                "it is missing. Compare it with a backup.",
                broken,
            )
        else:
            message = self.env._("The log is whole: no row was changed or removed.")
        return notify(message, "danger" if broken else "success", sticky=bool(broken))

    def action_test_connection(self):
        """Try the key and the secret as far as that is possible from here, and say what
        came of it.
        """
        self.ensure_one()
        self.check_access("write")
        problems, notes = self._test_secret()
        if self._has_api_key():
            problems += self._ask(self._test_key)
        else:
            notes.append(
                self.env._("There is no API key, so nothing can be read or tried.")
            )
        if problems:
            return notify(" ".join([*problems, *notes]), "danger", sticky=True)
        if notes:
            return notify(" ".join(notes), "warning", sticky=True)
        return notify(self.env._("The connection works."), "success")

    def _test_key(self):
        """Return what is wrong with the key, and with the endpoint at the source."""
        adapter = self._get_adapter()
        problems = adapter._test_key(self)
        if not self.platform_id:
            problems += adapter._test_endpoint(self, self.webhook_url) or []
        return problems

    def _test_secret(self):
        """Return what is wrong with the secrets, and what nobody can know yet.

        Only an event that was signed with a secret proves it.
        """
        if self.platform_id:
            return [], []
        secrets = self._get_valid_secrets()
        if not secrets:
            return [self.env._("There is no valid signing secret.")], []
        explain = self._get_adapter()._explain_secret
        problems = list(dict.fromkeys(filter(None, map(explain, secrets))))
        came = self.env["saas.subscription.event"].sudo()
        if problems or came.search_count([("source_id", "=", self.id)], limit=1):
            return problems, []
        waiting = self.env._(
            "The signing secret is proved by the first event: send a test event from "
            "the billing system."
        )
        return [], [waiting]

    def action_create_endpoint(self):
        """Create the endpoint at the source, with all events that are understood, and
        keep its signing secret.

        :raises UserError: with what to do by hand, if the key may not do it.
        """
        self.ensure_one()
        self.check_access("write")
        self.env["saas.environment"]._check_confirmed()
        # Before anything is created there: its secret is told only once.
        self.env["saas.vault"]._require_keys()
        now = fields.Datetime.now()
        nonce = f"{self.token}:{len(self.secret_ids)}:{now:%Y%m%d%H}"
        adapter = self._get_adapter()
        secret = self._ask(
            lambda: adapter._create_endpoint(self, self.webhook_url, nonce)
        )
        self.secret_ids = [Command.create({"new_value": secret})]
        return notify(
            self.env._("The endpoint was created, and its signing secret is kept."),
            "success",
            reload=True,
        )

    def _ask(self, question):
        """Return the answer to a question to the source; an error is for the user."""
        try:
            return question()
        except (Quarantine, Transient) as error:
            raise UserError(getattr(error, "detail", None) or str(error)) from error
