from collections import Counter

from odoo import models
from odoo.fields import Domain

from ..canonical.money import to_decimal
from .task import Task

#: Tenants that are looked at together.
_AT_ONCE = 500


class SaasBillingPreview(models.AbstractModel):
    """Shows what a billing run would bill, by the code that bills it; nothing is
    written and no number is drawn.
    """

    _name = "saas.billing.preview"
    _description = "SaaS preview of billing"

    def _look(self, source, cutoff, date, tenants=None):
        """Return a task for each tenant that has something due: its documents, or why
        it can't be billed.

        :param source: the company's own source.
        :param cutoff: an aware instant.
        :param date: the day of the documents.
        :param tenants: only these.
        """
        domain = self.env["saas.billing.due"]._get_domain(cutoff)
        domain &= Domain("company_id", "=", source.company_id.id)
        if tenants is not None:
            domain &= Domain("tenant_id", "in", tenants.ids)
        groups = self.env["saas.subscription"]._read_group(domain, ["tenant_id"])
        tasks = [Task(source, tenant) for (tenant,) in groups]
        posting = self.env["saas.billing.posting"]
        for start in range(0, len(tasks), _AT_ONCE):
            posting._prepare(source, tasks[start : start + _AT_ONCE], cutoff, date)
        return [task for task in tasks if task.error or task.documents]

    def _sum_up(self, tasks):
        """Return what tasks come to without taxes: a Decimal by currency's code."""
        sums = Counter()
        for task in tasks:
            for document, _lines in task.documents if not task.error else ():
                fact = document.fact
                sums[fact.currency] += to_decimal(fact.net, fact.exponent)
        return dict(sorted(sums.items()))

    def _tell(self, task):
        """Return the documents of a task as plain values for people: the kind, the
        currency, what it comes to without taxes, and its lines as a text and an amount.
        A credit note's amounts are what it gives back, as on the document itself.
        """
        return [self._tell_document(document) for document, _lines in task.documents]

    def _tell_document(self, document):
        fact = document.fact
        sign = -1 if fact.net < 0 else 1
        return {
            "type": document.move_type,
            "currency": fact.currency,
            "net": str(sign * fact.decimal(fact.net)),
            "lines": [
                {"text": told.description, "amount": str(sign * fact.decimal(told.net))}
                for told in fact.lines
            ],
        }
