import hmac
import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.actions import Action
from ..notification import notify

#: What a token begins with by its scope, so that whoever finds one knows what it opens.
_PREFIXES = {"figures": "saas_metrics_", "entitlements": "saas_entitlements_"}


class SaasMetricsToken(models.Model):
    """Lets a machine read of one company what the token's scope says: its figures at
    ``/saas/metrics``, or what its tenants may use at ``/saas/api/v1/entitlements``.

    The token itself is shown once and is not kept: its hash is. It is random and long,
    so nobody finds it by trying, and the hash needs no salt.
    """

    _name = "saas.metrics.token"
    _description = "SaaS token for machines"
    _inherit = ["saas.guarded.mixin"]
    _order = "company_id, name, id"

    name = fields.Char(
        string="Who Reads",
        required=True,
        help="The machine that reads: the monitoring of a site, or the product.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company of which it reads.",
    )
    scope = fields.Selection(
        [("figures", "Figures"), ("entitlements", "What tenants may use")],
        string="Reads",
        required=True,
        default="figures",
        help="A token reads this and nothing else.",
    )
    digest = fields.Char(readonly=True, groups=NO_ACCESS, copy=False)
    hint = fields.Char(string="Ends With", readonly=True, copy=False)
    made_at = fields.Datetime(string="Made", readonly=True, copy=False)

    def write(self, vals):
        if "scope" in vals and any(
            token.hint and token.scope != vals["scope"] for token in self
        ):
            raise UserError(
                self.env._(
                    "A token that was made goes on reading what it was made for. Add "
                    "another row."
                )
            )
        return super().write(vals)

    def action_make_token(self):
        """Make a token and show it this once. One that was made before ends with it."""
        self.ensure_one()
        self._check_may_act("manager")
        self.check_access("write")
        token = _PREFIXES[self.scope] + secrets.token_urlsafe(32)
        self.sudo().write(
            {
                "digest": _hash(token),
                "hint": token[-4:],
                "made_at": fields.Datetime.now(),
            }
        )
        self._log_by_person(Action.CHANGED_BY_PERSON, ["hint"])
        message = self.env._(
            "This is the new token. Copy it now, because it can't be shown again: %s",
            token,
        )
        return notify(message, "warning", sticky=True, reload=True)

    @api.model
    def _find(self, token):
        """Return whose token this is; empty if it is nobody's. It takes as long for one
        that is nearly right as for any other.
        """
        digest, found = _hash(token), self.browse()
        for each in self.search([("digest", "!=", False)]):
            if hmac.compare_digest(each.digest, digest):
                found = each
        return found

    def _get_log_source(self):
        """Return the source in whose log a change of this token is noted: the first one
        of its company.
        """
        return self._get_log_of_company()


def _hash(token):
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
