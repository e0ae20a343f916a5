"""What people had entered in Odoo by hand before the first event. Runs inside an Odoo
shell. What is there already stays.
"""

from . import catalogue


def prepare(env, companies, products):
    """Create contacts and an invoice, and close the books that they are in.

    In: the companies by entity, and the products by key.
    """
    for key, name, email, vat in catalogue.CONTACTS:
        if not env["res.partner"].search([("name", "=", name)]):
            _create_contact(companies[key], name, email, vat)
    key, contact, *document = catalogue.BY_HAND
    _enter_invoice(companies[key], contact, *document, products["starter"])
    for key, day in catalogue.CLOSED_UNTIL.items():
        companies[key].fiscalyear_lock_date = day


def _create_contact(company, name, email, vat):
    company.env["res.partner"].create(
        {
            "name": name,
            "email": email,
            "vat": vat or False,
            "is_company": True,
            "company_id": company.id,
            "country_id": company.country_id.id,
            "comment": catalogue.COMMENT,
        }
    )


def _enter_invoice(company, contact, number, day, product):
    """Post an invoice for one of a product; one that is there already stays.

    In: the company, a contact's name, the invoice's number at Stripe, and its day.
    """
    env = company.env(
        context={**company.env.context, "allowed_company_ids": company.ids}
    )
    moves = env["account.move"]
    if moves.search([("ref", "=", number), ("company_id", "=", company.id)]):
        return
    values = {
        "move_type": "out_invoice",
        "partner_id": env["res.partner"].search([("name", "=", contact)]).id,
        "ref": number,
        "invoice_date": day,
        "invoice_line_ids": [
            (0, 0, {"product_id": product.id, "quantity": 1, "tax_ids": [(5,)]})
        ],
    }
    moves.create(values).action_post()
