from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ..roles import make_refusal, roles_of

#: When to come back for events that a drain works on just now, in seconds.
_PAUSE = 2


class SaasOperation(models.Model):
    """The jobs of an operation: one for each chunk, each in a transaction of its own
    that enqueues the next. A job that is killed left nothing behind, and is done again.
    """

    _inherit = "saas.operation"

    def _enqueue_chunk(self, eta=None):
        """See to it that a job does the next chunk. If an equal job waits, that one is
        enough.
        """
        self.ensure_one()
        # Jobs keep little of the context: whom this one acts for is an argument.
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_operation:{self.id}:{self.step}",
            description=self.env._("Act on events: %s", self.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
            eta=eta,
        )._job_chunk(self.step, self.user_id.id)

    def _job_chunk(self, step, user_id):
        """Act on one chunk of events, and leave the next to another job.

        :param step: the number of the chunk; a job that comes late or twice does
            nothing.
        :param user_id: whom it acts for. Their rights are checked once more: they may
            have lost them.
        :return: a sentence that says how far it is, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running() or self.step != step:
            return self.env._("There is nothing to do any more.")
        user = self.env["res.users"].browse(user_id).exists()
        operation = self.with_user(user or self.env.user).sudo()
        if not operation._may_still(user):
            operation._end(
                "cancelled",
                Action.OPERATION_CANCELLED,
                self.env._(
                    "The user who started this may not do it any more, so it was "
                    "ended. What was done stays."
                ),
            )
        else:
            taken = operation._act()
            if operation.state == "running":
                operation._enqueue_chunk(None if taken else _PAUSE)
        operation._tell_progress()
        return self.env._(
            "%(done)s of %(total)s events.",
            done=operation._count_seen(),
            total=operation.total_count,
        )

    # -- rights -----------------------------------------------------------------

    def _has_role(self):
        """Return whether the user has a role for this operation."""
        return bool(roles_of(self.env.user) & set(self._get_roles(self.kind)))

    def _check_role(self, kind):
        """Raise unless the user has a role for operations of a kind.

        Superuser mode does not count: an operation is always somebody's.
        """
        roles = self._get_roles(kind)
        is_job = self.env.user._is_superuser()
        if not is_job and not roles_of(self.env.user) & set(roles):
            raise make_refusal(self.env, roles)

    def _may_still(self, user):
        """Return whether the user that a job acts for may still do this."""
        if user._is_superuser():
            return True
        if not user.active or self.company_id not in user.company_ids:
            return False
        asked = self.sudo(False).with_context(allowed_company_ids=self.company_id.ids)
        return asked.has_access("read") and asked._has_role()

    # -- people -----------------------------------------------------------------

    def action_cancel(self):
        """Stop these operations before their next chunk. What was done stays."""
        for operation in self:
            operation._check_may_act(*self._get_roles(operation.kind))
        for operation in self.sudo():
            if not operation._lock_running():
                raise UserError(
                    self.env._("This operation has ended, so it can't be cancelled.")
                )
            operation._end("cancelled", Action.OPERATION_CANCELLED)
        return True

    def action_resume(self):
        """Have operations go on whose job has failed, or was cancelled."""
        for operation in self:
            operation._check_may_act(*self._get_roles(operation.kind))
        running = self.sudo().filtered(lambda one: one.state == "running")
        running.last_error = False
        for operation in running:
            operation._enqueue_chunk()
        return True

    def _end(self, state, action, detail=None):
        """Bring an operation to an end. What it has not acted on is free for another
        one.
        """
        if state == "cancelled":
            self.env.cr.execute(
                """UPDATE saas_operation_item SET state = 'cancelled'
                   WHERE operation_id = %s AND state = 'waiting'""",
                (self.id,),
            )
            self.env["saas.operation.item"].invalidate_model(["state"])
        self.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "last_error": fit(detail) or False,
            }
        )
        self._log_to(self._find_sources(), action, self._describe_progress())
