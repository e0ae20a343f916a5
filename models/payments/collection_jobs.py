from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ...canonical.payments.collecting import CollectionState

#: Commands that one job looks at before they are sent.
_PAGE = 500
#: After so long a gateway that has told nothing is asked.
_SILENCE = timedelta(days=1)
#: What belongs to a source that nothing is sent to waits.
_ACTIVE = [("source_id.state", "=", "active")]


class SaasCollection(models.Model):
    """The jobs of commands to collect. ``saas.collect`` does the work.

    One job decides what is collected, and commits. Then each command has a job of its
    own that calls the gateway and writes what it said, and nothing else: what was
    decided is there however that job ends. What follows from an answer, such as a mail,
    is done by a third.
    """

    _inherit = "saas.collection"

    def _enqueue_decide(self):
        """See to it that a job decides what of these is still to be collected."""
        for start in range(0, len(self), _PAGE):
            page = self[start : start + _PAGE]
            ids = f"{min(page.ids)}:{max(page.ids)}:{len(page)}"
            page._with_own_delay(f"saas_collect_decide:{ids}")._job_decide()

    def _enqueue_send(self, eta=None):
        """See to it that a job calls the gateway for each of these.

        :param eta: when at the earliest, a naive moment in UTC; None: now.
        """
        for command in self:
            delayed = command._with_own_delay(f"saas_collect:{command.id}", eta)
            delayed._job_send()

    def _enqueue_tell(self):
        """See to it that a job does what follows from the answers to these."""
        for command in self:
            key = f"saas_collect_tell:{command.id}:{command.state}"
            command._with_own_delay(key)._job_tell(command.state)

    def _with_own_delay(self, key, eta=None):
        invoices = ", ".join(filter(None, self[:3].sudo().move_id.mapped("name")))
        return self.with_user(SUPERUSER_ID).with_delay(
            identity_key=key,
            # What is tried how often is up to the commands.
            max_retries=0,
            eta=eta,
            description=self.env._("Collect %s", invoices),
        )

    def _job_decide(self):
        """Decide what of these commands is collected: what is due now.

        :return: a sentence that says how many, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        return self.env["saas.collect"]._decide(self.exists())

    def _job_send(self):
        """Call the gateway for this command, as its state asks for.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: while another job calls for it.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        return self.env["saas.collect"]._call(self)

    def _job_tell(self, state):
        """Do what follows from the answer to this command: note it with the invoice
        and in the log, and write to the customer, or ask a person.

        :param state: which it was in then; what has changed since has its own job.
        :return: a sentence that says what was done, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if self.state != state:
            return self.env._("It is in another state by now.")
        return self.env["saas.collect"]._follow(self)

    @api.model
    def _cron_collect(self):
        """See to it that no command waits for luck: those that lost their job, those
        that a gateway told nothing of for a day, and links that are over or whose
        invoice was paid in another way.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        waiting = self.search([("state", "=", CollectionState.WAITING), *_ACTIVE])
        waiting._enqueue_decide()
        now = fields.Datetime.now()
        due = self.search(Domain(_ACTIVE) & self._get_due_domain(now))
        due.filtered(lambda c: c._is_due(now))._enqueue_send()

    @api.model
    def _get_due_domain(self, now):
        """Return the domain of commands for which the gateway may have to be called:
        those that lost their job, those to be taken back, and those of which the
        gateway has told nothing for a day.
        """
        silent = now - _SILENCE
        is_late = Domain("next_try", "=", False) | Domain("next_try", "<=", now)
        is_silent = Domain("sent_at", "<", silent) & (
            Domain("asked_at", "=", False) | Domain("asked_at", "<", silent)
        )
        return (
            (Domain("state", "=", CollectionState.SENT) & is_late)
            | (Domain("state", "=", CollectionState.PENDING) & is_silent)
            | Domain("state", "=", CollectionState.NEEDS_CUSTOMER)
        )

    def _is_due(self, now):
        """Return whether the gateway is to be called for this command: for one that
        waits for its customer, only to take the link back.
        """
        self.ensure_one()
        if self.state != CollectionState.NEEDS_CUSTOMER:
            return True
        return self.is_withdrawn or self._is_over(now)

    def _is_over(self, now):
        """Return whether a customer should not pay by this command any longer, or can
        not: less is due than its link asks for, or the link is not valid any more.
        """
        if self.link_until and self.link_until <= now:
            return True
        return self.move_id._get_saas_uncollected() < self._get_decimal()
