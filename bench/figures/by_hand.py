"""Invoices and payments as a few lines of hand-written code make them: what the
pipeline is held against.
"""


def prepare_invoices(cursor, invoices, source):
    """Return the values of invoices, ready for `create`, here or over the API.

    In: pairs of a tenant and an invoice of the world, and the source as the set-up
    describes it.
    """
    cursor.execute("SELECT ref, partner_id FROM saas_tenant")
    partners = dict(cursor.fetchall())
    return [
        {
            "move_type": "out_invoice",
            "journal_id": source["journal_id"],
            "partner_id": partners[tenant.id],
            "invoice_date": str(invoice.finalized_at.date()),
            "ref": invoice.number,
            "invoice_line_ids": [
                (0, 0, _prepare_line(line, source)) for line in invoice.lines
            ],
        }
        for tenant, invoice in invoices
    ]


def _prepare_line(line, source):
    return {
        "product_id": source["products"][line.product.key],
        "name": line.description,
        "account_id": source["account_id"],
        "quantity": line.quantity,
        "price_unit": float(line.net / line.quantity),
        "tax_ids": [(6, 0, [source["tax_id"]] if line.rate else [])],
    }


def post(env, company_id, batch):
    """Create and post invoices."""
    moves = env["account.move"].with_context(allowed_company_ids=[company_id])
    moves.create(batch).action_post()


def pay(env, company_id, clearing_id, invoice_ids):
    """Create and post the payments of invoices together, and reconcile each pair."""
    env = env(context={**env.context, "allowed_company_ids": [company_id]})
    invoices = env["account.move"].browse(invoice_ids)
    payments = env["account.payment"].create(
        [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "journal_id": clearing_id,
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "date": invoice.invoice_date,
                "memo": invoice.name,
            }
            for invoice in invoices
        ]
    )
    payments.action_post()
    for invoice, payment in zip(invoices, payments, strict=True):
        lines = (invoice + payment.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
