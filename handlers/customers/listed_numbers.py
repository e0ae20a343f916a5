from odoo import models


class SaasCustomersListedNumbers(models.AbstractModel):
    """Keeps the tax numbers that a customer's own snapshot lists."""

    _name = "saas.customers.listed_numbers"
    _description = "SaaS listed tax numbers"

    def _keep_numbers(self, source, items):
        """Store the tax numbers that newest snapshots list, each as a record of its
        own, and give contacts the best of theirs. A number that is listed no longer is
        archived.
        """
        items = [item for item in items if item.fact.tax_numbers is not None]
        if not items:
            return
        known = self._find_listed(source, items)
        listed = {
            _get_ref(item.fact, number): (item, number)
            for item in items
            for number in item.fact.tax_numbers
        }
        for ref, record in known.items():
            if ref in listed:
                record.write(self._prepare_number_vals(*listed[ref]))
            elif record.active:
                record.active = False
        self.env["saas.tax.id"].create(
            [
                {
                    **self._prepare_number_vals(item, number),
                    "source_id": source.id,
                    "external_id": ref,
                    "customer_ref": item.fact.external_id,
                    "tax_id_type": number.type or number.country_code or "vat",
                    "value": number.value,
                    "country_code": number.country_code or False,
                }
                for ref, (item, number) in listed.items()
                if ref not in known
            ]
        )
        self.env["saas.handler.tax_id"]._write_vat(items)

    def _find_listed(self, source, items):
        """Return the numbers that the items' customers listed before, by reference."""
        numbers = self.env["saas.tax.id"].with_context(active_test=False)
        found = numbers.search(
            [
                ("source_id", "=", source.id),
                ("tenant_id", "in", [item.tenant.id for item in items]),
                ("customer_ref", "in", [item.fact.external_id for item in items]),
            ]
        )
        return {number.external_id: number for number in found}

    def _prepare_number_vals(self, item, number):
        return {
            "tenant_id": item.tenant.id,
            "is_vat": number.is_vat,
            "is_eu": number.is_eu,
            "is_verified": number.verified,
            "active": True,
        }


def _get_ref(fact, number):
    """Return the reference of a number that has no id at its source."""
    return f"{fact.external_id}:{number.country_code}:{number.type}:{number.value}"
