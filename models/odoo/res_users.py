from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...canonical.review.duties import FORBIDDEN_PAIRS, FourEyes
from ..roles import describe


class ResUsers(models.Model):
    """Nobody prepares and signs at once, in a company that wants every decision signed.
    Elsewhere it is a warning that stays.
    """

    _inherit = "res.users"

    @api.constrains("group_ids", "company_ids")
    def _check_saas_duties(self):
        """Refuse two roles that nobody may have at once, to any of these users."""
        strict = self.env["res.company"].sudo()
        strict = strict.search([("saas_four_eyes", "=", FourEyes.STRICT.value)])
        if not strict:
            return
        found = self._search_saas_pairs(strict, [("id", "in", self.ids)])
        for user, pair in found.items():
            raise ValidationError(
                self.env._(
                    "%(user)s can't be %(first)s and %(second)s at once: in "
                    "%(company)s, whoever prepares does not sign. Take one of the two "
                    "roles away first.",
                    user=user.name,
                    first=describe(self.env, pair[:1]),
                    second=describe(self.env, pair[1:]),
                    company=(user.company_ids & strict)[0].name,
                )
            )

    @api.model
    def _search_saas_pairs(self, companies, domain=()):
        """Return the people of companies who have two roles that nobody should have at
        once, each with such a pair.
        """
        found = {}
        for pair in FORBIDDEN_PAIRS:
            terms = Domain(list(domain)) & Domain("company_ids", "in", companies.ids)
            for role in pair:
                group = self.env.ref(f"saas_billing_sync.group_saas_{role}")
                terms &= Domain("all_group_ids", "in", group.ids)
            for user in self.env["res.users"].sudo().search(terms):
                if not user._is_superuser():
                    found.setdefault(user, pair)
        return found


class ResGroups(models.Model):
    """Holds users to their duties, also where they get a role by a group."""

    _inherit = "res.groups"

    @api.constrains("user_ids", "implied_ids", "implied_by_ids")
    def _check_saas_duties(self):
        # What groups imply is cached, and has just changed.
        self.env.registry.clear_cache("groups")
        users = self.env["res.users"].sudo().search([("all_group_ids", "in", self.ids)])
        users._check_saas_duties()
