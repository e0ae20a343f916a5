import secrets

from odoo import api, fields, models

from ...canonical.review.duties import LEAST, SAMPLE, Decision, FourEyes


class SaasApprovalPolicy(models.Model):
    """Says for one kind of decision from which amount on it is signed in a company, by
    how many, and which share of the rest an approver looks at afterwards. What has no
    policy goes by the defaults in ``canonical/review/duties.py``.
    """

    _name = "saas.approval.policy"
    _description = "SaaS approval policy"
    _inherit = ["saas.guarded.mixin", "saas.ruled.mixin"]
    _order = "company_id, kind"
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=lambda self: self.env["saas.approval"]._get_kinds(),
        string="Decision",
        required=True,
    )
    min_amount = fields.Monetary(
        string="From",
        currency_field="currency_id",
        help="What is at stake from which on it is signed. An amount that nobody knows "
        "counts as more than any.",
    )
    approvals = fields.Integer(
        string="Signatures", required=True, default=1, help="One or two people."
    )
    sample = fields.Integer(
        string="Looked at Afterwards",
        help="How many of a hundred decisions that need no signature an approver is "
        "asked to look at.",
    )

    _kind_unique = models.UniqueIndex(
        "(company_id, kind)",
        "The company has a policy for this kind of decision. Change that one instead.",
    )
    _approvals_check = models.Constraint(
        "CHECK (approvals BETWEEN 1 AND 2)", "One or two people can sign a decision."
    )
    _sample_check = models.Constraint(
        "CHECK (sample BETWEEN 0 AND 100)", "A share is from 0 to 100 percent."
    )
    _amount_check = models.Constraint(
        "CHECK (min_amount >= 0)", "The amount can't be below zero."
    )

    @api.model
    def _find(self, company, kind):
        return self.sudo().search(
            [("company_id", "=", company.id), ("kind", "=", kind)], limit=1
        )

    @api.model
    def _count_needed(self, company, kind, amount):
        """Return how many signatures a decision needs; 0 if none.

        :param kind: a :class:`~...canonical.review.duties.Decision`.
        :param amount: what is at stake, in the company's currency; None: not known.
        """
        mode = company.sudo().saas_four_eyes
        if mode == FourEyes.OFF:
            return 0
        policy = self._find(company, kind)
        count = policy.approvals or 1
        if kind == Decision.POLICY:
            # Who alone could sign, or nobody at all, decides: there is no other way.
            signers = self.env["saas.approval"]._get_signers(company)
            return count if signers - self.env.user else 0
        if mode == FourEyes.STRICT or amount is None:
            is_needed = mode == FourEyes.STRICT or policy or LEAST[kind] is not None
            return count if is_needed else 0
        least = policy.min_amount if policy else LEAST[kind]
        if least is None:
            return 0
        currency = company.sudo().currency_id
        return (
            count if currency.compare_amounts(float(amount), float(least)) >= 0 else 0
        )

    @api.model
    def _is_drawn(self, company, kind):
        """Return whether a decision that nobody had to sign is looked at afterwards."""
        if company.sudo().saas_four_eyes == FourEyes.OFF:
            return False
        policy = self._find(company, kind)
        share = policy.sample if policy else SAMPLE.get(kind, 0)
        return secrets.randbelow(100) < share

    # -- a record that people change by signature --------------------------------

    def _get_ruled_kind(self, operation, vals):
        return Decision.POLICY

    def _get_log_source(self):
        """A policy is its company's: any source of that has a log for it."""
        return self._get_log_of_company()
