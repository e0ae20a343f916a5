from odoo import fields, models


class SaasSource(models.Model):
    """Says where money goes that belongs to no customer of the source, and what is done
    where money and invoice are not on one receivable.
    """

    _inherit = "saas.source"

    guest_policy = fields.Selection(
        [
            ("payer", "A contact made of the payer's name and e-mail"),
            ("contact", "One contact for all guests"),
        ],
        string="Guests' Money",
        required=True,
        default="payer",
        help="Where to book the money of people who pay without being customers at the "
        "source. Afterwards, Choose Customer on a payment says whose it is.",
    )
    guest_partner_id = fields.Many2one(
        "res.partner",
        string="Contact for Guests",
        check_company=True,
        help="The contact for guests, or for those of whom neither a name nor an e-mail "
        "is known. Each payment stays an open credit of its own.",
    )
    transfers_receivables = fields.Boolean(
        string="Transfer Between Receivables",
        help="If a payment belongs to an invoice on another receivable account or "
        "contact, its open credit is transferred there by an entry, and reconciled. "
        "Otherwise a person is asked.",
    )
