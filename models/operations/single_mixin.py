from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.display.texts import fit
from ...canonical.item import make_row


class SaasSingleMixin(models.AbstractModel):
    """Work of a company that one job does in one transaction: all of it, or nothing.
    The log of the company's own source tells when it began and what came of it.
    """

    _name = "saas.single.mixin"
    _inherit = ["saas.chunked.mixin"]
    _description = "SaaS work in one transaction"

    def _begin_alone(self, refusal, action):
        """Enqueue the job, unless other work of this kind runs in the company.

        :param refusal: what to do then, as a sentence.
        :param action: the :class:`~...canonical.actions.Action` that the log tells.
        :raises UserError: with ``refusal``.
        """
        if self._find_others_running():
            raise UserError(refusal)
        self.write({"state": "running", "started_at": fields.Datetime.now()})
        self._log(action, self.display_name)
        self._enqueue()

    def _end(self, state, action):
        """Bring this work to an end, and log it as an
        :class:`~...canonical.actions.Action`.
        """
        self.write(
            {"state": state, "ended_at": fields.Datetime.now(), "last_error": False}
        )
        # The next one may begin in this very transaction.
        self.flush_recordset(["state"])
        self._log(action, self._describe_progress())

    def _log(self, action, detail):
        """Note in the log of the company's own source what this work did."""
        source = self._get_own_source()
        self.env["saas.sync.log"]._append([make_row(source, action, self, fit(detail))])

    def _get_own_source(self):
        return self.env["saas.source"]._ensure_own(self.company_id)
