from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import reach


class SaasPublishedMixin(models.AbstractModel):
    """A version of a plan, or a part of one. Once the version is published, nothing of
    it changes any more, by whichever way and whoever asks: what customers were told
    and charged went by it.
    """

    _name = "saas.published.mixin"
    _description = "SaaS part of a published version"
    _inherit = ["saas.guarded.mixin"]

    #: The many2one to what this is a part of. It stays as it was created.
    _part_of = ""

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_open("create")
        return parts

    def write(self, vals):
        self.check_access("write")
        if self and self._part_of in reach.get_moved(self, vals):
            raise AccessError(
                self.env._(
                    "This can't be moved to somewhere else. Create it there, and "
                    "delete it here."
                )
            )
        self._check_open("write", vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_open("unlink")

    def _get_versions(self):
        """Return the versions that these are, or are parts of."""
        return self.version_id

    def _get_closed(self, operation, vals):
        """Return those of these that an operation is refused for.

        :param operation: ``create``, ``write`` or ``unlink``.
        :param vals: what is written, if so.
        """
        return self.filtered(lambda part: part._get_versions().state != "draft")

    def _check_open(self, operation, vals=None):
        """Raise unless an operation is allowed for all of these."""
        parts = self.sudo()
        parts._lock_versions()
        if closed := parts._get_closed(operation, vals):
            raise UserError(closed[0]._describe_closed())

    def _lock_versions(self):
        """Make a concurrent publication fail, or this transaction if that was first: it
        is tried again then, and sees that the version is published.
        """
        if versions := self._get_versions():
            versions.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "SELECT FROM saas_plan_version WHERE id IN %s"
                    " ORDER BY id FOR SHARE",
                    versions._ids,
                ),
                # Losing such a race is nobody's error, so it is not logged as one.
                log_exceptions=False,
            )

    def _get_log_source(self):
        """Return the source in whose log a change is noted: its company's first."""
        return self._get_log_of_company()

    def _describe_closed(self):
        """Return the sentence that says why this may not be changed."""
        return self.env._(
            "%s is published, so nothing of it changes any more. Press New Version, "
            "and change the copy.",
            self._get_versions().name,
        )
