from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ....canonical.actions import Action
from ....canonical.facts import DocumentLink, MoneyLinks
from ....canonical.kinds import Kind


class SaasSource(models.Model):
    """Links the sources of a company that tell parts of one story: one takes the
    payments for the invoices that another one issues.

    References lead to linked sources alone. Who drains a source holds the locks of all
    that are linked to it, so no reference is looked for while its object arrives.
    """

    _inherit = "saas.source"

    issuer_ids = fields.Many2many(
        "saas.source",
        "saas_source_issuer_rel",
        "payer_id",
        "issuer_id",
        string="Takes Payments for Invoices Issued by",
        check_company=True,
        copy=False,
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="The sources whose documents this source's payments and refunds may name, "
        "by their id or number. What is there already is processed once more.",
    )
    payer_ids = fields.Many2many(
        "saas.source",
        "saas_source_issuer_rel",
        "issuer_id",
        "payer_id",
        string="Its Invoices Are Paid Through",
        check_company=True,
        copy=False,
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="The gateways that take payments for this source's invoices. What this "
        "source tells of their money is booked once: as they tell it.",
    )
    is_linked = fields.Boolean(compute="_compute_is_linked", store=True)
    invoice_id_keys = fields.Char(
        string="Keys of an Invoice's ID",
        default="invoice_id",
        help="Under these keys of its metadata, separated by commas, a payment names "
        "the invoice of a linked source by its id.",
    )
    invoice_number_keys = fields.Char(
        string="Keys of an Invoice's Number",
        default="invoice_number",
        help="Under these keys of its metadata, separated by commas, a payment names "
        "the invoice of a linked source by its number.",
    )
    credit_note_id_keys = fields.Char(
        string="Keys of a Credit Note's ID",
        default="credit_note_id",
        help="Under these keys of its metadata, separated by commas, a refund names "
        "the credit note of a linked source by its id.",
    )
    credit_note_number_keys = fields.Char(
        string="Keys of a Credit Note's Number",
        default="credit_note_number",
        help="Under these keys of its metadata, separated by commas, a refund names "
        "the credit note of a linked source by its number.",
    )

    @api.depends("issuer_ids", "payer_ids")
    def _compute_is_linked(self):
        for source in self:
            source.is_linked = bool(source.issuer_ids or source.payer_ids)

    @api.constrains("issuer_ids", "payer_ids", "company_id")
    def _check_linked(self):
        for source in self.sudo():
            linked = source._get_linked()
            if source in linked:
                raise ValidationError(
                    self.env._("A source can't be linked to itself. Choose another.")
                )
            if linked.company_id - source.company_id:
                raise ValidationError(
                    self.env._(
                        "%s can be linked only to sources of its own company.",
                        source.name,
                    )
                )

    def _get_linked(self):
        """Return the sources that these are linked to, in either way."""
        return self.issuer_ids | self.payer_ids

    def _get_links(self):
        """Return what these sources are linked to, by source: as it stands."""
        return {source: source._get_linked() for source in self.sudo()}

    def _follow_links(self, before):
        """Have what names objects of other sources processed again where sources were
        linked since, and refuse to end a link that books rest on.

        :param before: what :meth:`_get_links` returned.
        """
        for source, known in before.items():
            now = source._get_linked()
            self._check_unused(source, known - now)
            if now - known:
                source._note_linked(now - known)
                source._enqueue_linking()

    def _check_unused(self, source, ended):
        if not ended:
            return
        pair = [source.id, *ended.ids]
        if source.env["saas.binding"].search_count(
            [
                ("source_id", "in", pair),
                ("origin_source_id", "in", pair),
                "|",
                ("source_id", "=", source.id),
                ("origin_source_id", "=", source.id),
            ],
            limit=1,
        ):
            raise ValidationError(
                self.env._(
                    "Money of %(names)s is booked by this link, so it can't be taken "
                    "away. Pause the source instead.",
                    names=", ".join([source.name, *ended.mapped("name")]),
                )
            )

    def _note_linked(self, others):
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.SOURCE_LINKED.value,
                    "res_model": other._name,
                    "res_id": other.id,
                    "detail": other.name,
                }
                for one in others
                for source, other in ((self, one), (one, self))
            ]
        )

    def _enqueue_linking(self, after=0):
        self.ensure_one()
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_linking:{self.id}:{after}",
            max_retries=0,
            description=self.env._(
                "Process again what names objects of sources linked to %s", self.name
            ),
        )._job_process_linked(after)

    def _job_process_linked(self, after=0):
        """Process again a part of what this source and those linked to it tell of each
        other's objects.

        :param after: the id of the last event that was sent back before.
        :return: a sentence that says how far it is, shown on the job.
        :raises RetryableJobError: while a drain runs that may not know of the link.
        """
        self.ensure_one()
        return self.env["saas.linking"]._process_again(self, after)

    # -- what facts name ----------------------------------------------------------

    def _read_links(self, fact):
        """Return the documents of other systems that a payment or a refund names, as a
        tuple of links: those that its adapter found, and those in its metadata.
        """
        links = getattr(fact, "document_links", ())
        metadata = dict(getattr(fact, "metadata", ()))
        if not metadata:
            return links
        kind = Kind.INVOICE if fact.kind == Kind.PAYMENT else Kind.CREDIT_NOTE
        named = [
            DocumentLink(kind=kind, by=by, value=metadata[key])
            for by in ("id", "number")
            for key in map(str.strip, (self[f"{kind}_{by}_keys"] or "").split(","))
            if key in metadata
        ]
        # The id says it better than the number that may stand beside it.
        return (*links, *named[:1])

    def _add_links(self, fact):
        """Return the facts that an item each is made of: ``fact``, and which documents
        of other systems its money is for, if it names any.
        """
        links = self._read_links(fact)
        if not links:
            return [fact]
        return [
            fact,
            MoneyLinks(
                external_id=fact.external_id,
                of=fact.kind,
                amount=fact.amount,
                currency=fact.currency,
                exponent=fact.exponent,
                links=links,
                is_whole=not getattr(fact, "allocation", None),
            ),
        ]

    def _find_gateways(self, system):
        """Return the linked gateways that a system's name or account means."""
        gateways = self.payer_ids
        if not system:
            return gateways
        wanted = system.lower()
        return gateways.filtered(
            lambda source: (
                wanted in (source.adapter, (source.account_ref or "").lower())
            )
        )
