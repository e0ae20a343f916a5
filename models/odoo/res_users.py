from odoo import api, models
from odoo.exceptions import ValidationError

from ...canonical.review.duties import FORBIDDEN_PAIRS, FourEyes
from ..roles import describe, roles_of


class ResUsers(models.Model):
    """Nobody prepares and signs at once, in a company that wants every decision signed.
    Elsewhere it is a warning that stays.
    """

    _inherit = "res.users"

    @api.constrains("group_ids", "company_ids")
    def _check_saas_duties(self):
        for user in self.sudo():
            if user._is_superuser():
                continue
            strict = user.company_ids.filtered(
                lambda company: company.saas_four_eyes == FourEyes.STRICT
            )
            if strict and (pair := user._find_saas_pair()):
                raise ValidationError(
                    self.env._(
                        "%(user)s can't be %(first)s and %(second)s at once: in "
                        "%(company)s, whoever prepares does not sign. Take one of the "
                        "two roles away first.",
                        user=user.name,
                        first=describe(self.env, pair[:1]),
                        second=describe(self.env, pair[1:]),
                        company=strict[0].name,
                    )
                )

    def _find_saas_pair(self):
        """Return the roles that this user should not have at once, or None."""
        roles = roles_of(self)
        return next((pair for pair in FORBIDDEN_PAIRS if roles >= set(pair)), None)

    @api.model
    def _search_saas_pairs(self, companies):
        """Return the people of companies who prepare and sign at once."""
        group = self.env.ref("saas_billing_sync.group_saas_approver").sudo()
        return group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user._is_superuser()
                and user.company_ids & companies
                and user._find_saas_pair()
            )
        )


class ResGroups(models.Model):
    """Holds users to their duties, also where they get a role by a group."""

    _inherit = "res.groups"

    @api.constrains("user_ids", "implied_ids")
    def _check_saas_duties(self):
        users = self.sudo().all_user_ids
        # A user who is being created has no companies yet, and is checked by itself.
        users.filtered("company_ids")._check_saas_duties()
