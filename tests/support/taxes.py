"""Taxes of several countries, and the rules that map the fixtures' rates to them."""

from odoo import Command


def set_up_taxes(test):
    """Give a test class's source mappings and rules for all rates of the fixtures.

    The rules need to know of a rate what it is; a source without rules doesn't, so
    this is for those tests only that are about taxes, or about everything.
    """
    tax = test._create_vat
    state = tax(7.25, name="7.25% State", sequence=11)
    county = tax(1, name="1% County", sequence=12)
    city = tax(0.5, name="0.5% City", sequence=13)
    # As it was in Quebec: the second tax is computed on the first one, too.
    gst = tax(5, name="5% GST", sequence=14, include_base_amount=True)
    qst = tax(9.975, name="9.975% QST", sequence=15)
    reverse = create_reverse_charge(test)
    us, ca = test.env.ref("base.us"), test.env.ref("base.state_us_5")
    test.source.tax_mapping_ids = [
        Command.create({"external_id": rate, "tax_id": mapped.id})
        for rate, mapped in (("txr_gst5", gst), ("txr_qst9975", qst))
    ]
    sales = {"country_id": us.id, "state_id": ca.id, "tax_type": "sales_tax"}
    test.source.tax_rule_ids = [
        Command.create({"sequence": number, **vals})
        for number, vals in enumerate(
            (
                {**sales, "percentage": "7.25", "tax_id": state.id},
                {"country_id": us.id, "percentage": "1.0", "tax_id": county.id},
                {**sales, "tax_id": city.id},
                {"reason": "reverse_charge", "tax_id": reverse.id},
                # The oldest documents tell of a tax its percentage only.
                {"percentage": "19", "tax_id": test.vat_19.id},
            )
        )
    ]


def create_reverse_charge(test):
    """Return a tax that is owed and deducted at once, with a tag on each item."""
    country = test.company.account_fiscal_country_id
    base, owed, deducted = test.env["account.account.tag"].create(
        [
            {"name": name, "applicability": "taxes", "country_id": country.id}
            for name in ("RC base", "RC owed", "RC deducted")
        ]
    )
    account = test.tax_account.id
    repartition = [
        Command.create({"repartition_type": "base", "tag_ids": base.ids}),
        *(
            Command.create(
                {
                    "repartition_type": "tax",
                    "factor_percent": factor,
                    "account_id": account,
                    "tag_ids": tag.ids,
                }
            )
            for factor, tag in ((100, owed), (-100, deducted))
        ),
    ]
    return test._create_vat(
        19,
        name="19% RC",
        invoice_repartition_line_ids=repartition,
        refund_repartition_line_ids=repartition,
    )
