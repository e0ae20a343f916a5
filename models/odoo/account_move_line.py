from odoo import api, fields, models

from ...canonical.marks import PIPELINE, Limits


class AccountMoveLine(models.Model):
    """A journal item that mirrors a line of a source's document, and is reconciled up
    to the amount that the source states.
    """

    _name = "account.move.line"
    _inherit = ["account.move.line", "saas.code.only.mixin"]

    saas_external_id = fields.Char(
        string="Line at Source", readonly=True, copy=False, index="btree_not_null"
    )

    def _compute_analytic_distribution(self):
        """Don't look for an analytic rule line by line where there is none at all:
        that is two queries for each document of a batch.
        """
        rules = self.env["account.analytic.distribution.model"]
        if not PIPELINE.is_in(self.env) or rules.search_count([], limit=1):
            return super()._compute_analytic_distribution()
        for line in self:
            # What another addon says without rules, such as of a sales order.
            if related := line._related_analytic_distribution():
                line.analytic_distribution = related
        return None

    @api.model
    def _prepare_reconciliation_single_partial(
        self, debit_values, credit_values, shadowed_aml_values=None
    ):
        """Reconcile no more of a pair of journal items than the source says: the
        context has the :class:`~...canonical.marks.Limits`.
        """
        pair = (debit_values["aml"].id, credit_values["aml"].id)
        limit = Limits.get(self.env, pair)
        if limit is None:
            return super()._prepare_reconciliation_single_partial(
                debit_values, credit_values, shadowed_aml_values=shadowed_aml_values
            )
        debit, credit = _cap(debit_values, limit), _cap(credit_values, limit)
        before = {id(values): dict(values) for values in (debit, credit)}
        res = super()._prepare_reconciliation_single_partial(
            debit, credit, shadowed_aml_values=shadowed_aml_values
        )
        for values, capped in ((debit_values, debit), (credit_values, credit)):
            for field in _RESIDUALS:
                values[field] -= before[id(capped)][field] - capped[field]
        # The pair is done with, whatever is left of either.
        return {**res, "debit_values": None, "credit_values": None}


_RESIDUALS = ("amount_residual", "amount_residual_currency")


def _cap(values, limit):
    """Return a copy of a journal item's residuals, cut down to ``limit``."""
    line = values["aml"]
    residual = abs(values["amount_residual_currency"])
    if line.currency_id.compare_amounts(residual, limit) <= 0:
        return dict(values)
    share = limit / residual
    sign = 1 if values["amount_residual_currency"] > 0 else -1
    return {
        **values,
        "amount_residual": line.company_currency_id.round(
            values["amount_residual"] * share
        ),
        "amount_residual_currency": sign * limit,
    }
