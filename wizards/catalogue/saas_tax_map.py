from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.facts import UNTAXED
from ...canonical.money import write_plainly
from ...canonical.reasons import Reason


class SaasTaxMap(models.TransientModel):
    """Lets a person say which Odoo tax a tax of the source is, and shows what would
    come of it. A rate is mapped; what has none, or is not charged, gets a rule.
    """

    _name = "saas.tax.map"
    _description = "Map Tax Rate"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    case_id = fields.Many2one("saas.exception", required=True)
    company_id = fields.Many2one(related="case_id.company_id")
    what = fields.Char(string="Tax at Source", compute="_compute_what")
    what_becomes = fields.Char(string="What Is Kept", compute="_compute_what")
    figures_html = fields.Html(
        string="Comparison", compute="_compute_figures_html", sanitize=False
    )
    tax_id = fields.Many2one(
        "account.tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('price_include', '=', False)]",
    )

    @api.depends("case_id")
    def _compute_what(self):
        for wizard in self:
            rates, rule = wizard._get_told()
            source = wizard.case_id.source_id
            names = self.env["saas.tax.rate"]._get_names(source, rates)
            told = [names.get((source, rate)) or rate for rate in rates]
            labels = dict(
                self.env["saas.tax.rule"]
                ._fields["reason"]
                ._description_selection(self.env)
            )
            if "percentage" in rule:
                told.append(f"{rule['percentage']} %")
            told += [labels.get(rule.get("reason"))] if "reason" in rule else []
            wizard.what = ", ".join(filter(None, told))
            wizard.what_becomes = (
                self.env._("A rule of the source, for all that is alike.")
                if rule
                else self.env._("The mapping of the tax rate.")
            )

    @api.depends("event_ids")
    def _compute_figures_html(self):
        for wizard in self:
            wizard.figures_html = wizard.event_ids._origin[:1].figures_html

    def _get_told(self):
        """Return what is to be mapped: the ids of rates, and the values of a rule that
        says it instead.
        """
        case = self.case_id
        key = case.cause_key or ""
        if key in UNTAXED:
            return [], {"reason": key}
        event = self.event_ids._origin[:1]
        lines = event._get_lines() if event else []
        taxes = [tax for line in lines for tax in line.taxes]
        named = dict.fromkeys(t.rate for t in taxes if t.rate in key.split())
        if named or case.reason == Reason.TAX_MISMATCH:
            return list(named), {}
        for tax in taxes:
            if tax.amount and not tax.rate and tax.details:
                if tax.details.percentage is not None:
                    percentage = write_plainly(tax.details.percentage)
                    return [], {"percentage": percentage}
        return [], ({"reason": key} if key != "unnamed" else {})

    def action_apply(self):
        """Map the tax, or add the rule, which frees all events that wait for it.

        :raises UserError: if nothing is chosen, or there is nothing to map.
        """
        self.ensure_one()
        self._check_links()
        if not self.tax_id:
            raise UserError(self.env._("Choose which tax it is."))
        rates, rule = self._get_told()
        source = self.case_id.source_id
        if not rates and not rule:
            raise UserError(
                self.env._(
                    "This tax names neither a rate, nor a percentage, nor a reason. "
                    "Set a default tax on the source, or correct the rule that fits."
                )
            )
        tax = {"tax_id": self.tax_id.id}
        if rule:
            rules = self.env["saas.tax.rule"]
            rules.create({"source_id": source.id, **rule, **tax})
            return {"type": "ir.actions.act_window_close"}
        known = source.tax_mapping_ids.filtered(lambda row: row.external_id in rates)
        known.write(tax)
        new = [rate for rate in rates if rate not in known.mapped("external_id")]
        self.env["saas.tax.mapping"].create(
            [{"source_id": source.id, "external_id": rate, **tax} for rate in new]
        )
        return {"type": "ir.actions.act_window_close"}
