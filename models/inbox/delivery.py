from odoo import fields, models
from odoo.orm.models import NO_ACCESS


class SaasDelivery(models.Model):
    """One request that brought events: its bytes, the headers that are kept, and the
    hash that proves both ends of the way from the sender to the journal entry.

    It is written once, in the statement that stores its events, and never changes.
    """

    _name = "saas.delivery"
    _description = "SaaS delivery"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "body_hash"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    received_at = fields.Datetime(required=True, readonly=True)
    headers = fields.Json(
        readonly=True,
        help="The headers that are kept. None of them lets anybody in.",
    )
    body = fields.Binary(
        attachment=False,
        readonly=True,
        groups=NO_ACCESS,
        help="The bytes of a request that brought several events. Where it brought "
        "one, that event has them.",
    )
    body_hash = fields.Char(
        string="SHA-256", required=True, readonly=True, help="Of the request's bytes."
    )
    event_count = fields.Integer(
        string="Events", readonly=True, help="With those that were known before."
    )
    scopes = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="How far the secrets reach that the request was made with; empty if "
        "nothing limits one of them.",
    )
    event_ids = fields.One2many("saas.subscription.event", "delivery_id")
