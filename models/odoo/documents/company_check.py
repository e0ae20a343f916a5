"""Asks once for a batch whether what its records link to is of their company.

Odoo asks for each record and each of its links by itself, which is a tenth of what a
batch of invoices takes. Nearly all of them name the same accounts, taxes and journals.
"""

from odoo import models

from ....canonical.marks import PIPELINE


class AccountMove(models.Model):
    """Checks the companies of a batch of documents together; what is wrong with one is
    found and said by Odoo's own check.
    """

    _inherit = "account.move"

    def _check_company(self, fnames=None):
        if PIPELINE.is_in(self.env) and _is_consistent(self, fnames):
            return None
        return super()._check_company(fnames)


class AccountMoveLine(models.Model):
    """Checks the companies of a batch of journal items together."""

    _inherit = "account.move.line"

    def _check_company(self, fnames=None):
        if PIPELINE.is_in(self.env) and _is_consistent(self, fnames):
            return None
        return super()._check_company(fnames)


def _is_consistent(records, fnames):
    """Return whether all that records link to may be of their companies.

    :param fnames: the fields to check, as ``_check_company`` takes them.
    """
    if fnames is None or {"company_id", "company_ids"} & set(fnames):
        fnames = records._fields
    fields = [records._fields[name] for name in fnames]
    checked = [field for field in fields if field.relational and field.check_company]
    if any(field.company_dependent for field in checked):
        return False
    for company, own in records.grouped("company_id").items():
        for field in checked:
            linked = own.sudo()[field.name]
            domain = linked._check_company_domain(company)
            linked = linked.with_context(active_test=False)
            if domain and linked != linked.filtered_domain(domain):
                return False
    return True
