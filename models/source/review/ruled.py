from odoo import models

from ....canonical.reasons import Reason
from ....canonical.review.duties import Decision

#: What a source books with: whatever links to one of these models.
_BOOKED_WITH = frozenset(
    ("account.account", "account.journal", "account.tax", "product.product")
)
#: What is booked with them where nothing else is said, and who waits for it.
_DEFAULTS = {
    "default_product_id": Reason.UNMAPPED_PRODUCT,
    "default_tax_id": Reason.UNMAPPED_TAX,
}


class SaasSource(models.Model):
    """Has other journals, accounts and defaults of a source signed once it has booked.
    What is filled in for the first time is set-up; a default decides about all that
    waits for it.
    """

    _inherit = "saas.source"

    def _has_booked(self):
        """Return whether anything of this source is in the books."""
        self.ensure_one()
        domain = [
            ("source_id", "=", self.id),
            ("res_model", "in", ("account.move", "account.payment")),
        ]
        return bool(self.env["saas.binding"].sudo().search_count(domain, limit=1))

    def _get_decisive(self, operation, vals):
        """Return the sources of which a change decides about books."""
        if operation != "write":
            return self.browse()
        return self.filtered(
            lambda source: (
                source._find_defaulted(vals)
                or (source._get_moved_accounts(vals) and source._has_booked())
            )
        )

    def _get_proposable(self, vals):
        """Return what says how facts are booked: no secret, key or address."""
        return {
            name: value
            for name, value in vals.items()
            if (field := self._fields.get(name))
            and (field.comodel_name in _BOOKED_WITH or name == "cutover_date")
            and field.type in ("many2one", "date")
        }

    def _get_moved_accounts(self, vals):
        """Return the names of what is filled and becomes another one."""
        source = self.sudo()
        return [
            name
            for name, value in self._get_proposable(vals).items()
            if source[name] and source._is_changed(name, value)
        ]

    def _find_defaulted(self, vals):
        """Return the open cases that wait for what a default would say."""
        reasons = [
            reason
            for name, reason in _DEFAULTS.items()
            if vals.get(name) and not self.sudo()[name]
        ]
        cases = self.env["saas.exception"]
        if not reasons:
            return cases.sudo()
        return cases._find_open([("source_id", "in", self.ids)], reasons)

    def _get_ruled_kind(self, operation, vals):
        """What was chosen is changed, or a default is chosen for what waits."""
        if any(source._get_moved_accounts(vals) for source in self):
            return Decision.SET_UP
        return Decision.MAP

    def _get_waiting_cases(self):
        own = [("source_id", "in", self.ids)]
        return self.env["saas.exception"]._find_open(own, [*_DEFAULTS.values()])

    def _get_ruled_events(self):
        return self._get_waiting_cases()._get_events().sudo(False)

    def _get_ruled_amount(self):
        cases = self._get_waiting_cases()
        return (
            sum(cases.mapped("amount")) if all(cases.mapped("amount_known")) else None
        )
