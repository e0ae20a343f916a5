from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ...canonical.marks import Signed
from ...canonical.review.duties import SignState
from ..notification import notify
from ..review.not_previewed import PreviewBusy
from ..roles import make_refusal, roles_of


class SaasApproval(models.Model):
    """Signs and refuses what others have proposed. What is signed is held against what
    was shown; if it would come out otherwise now, it is void and asked again.
    """

    _inherit = "saas.approval"

    def action_approve(self):
        """Sign these proposals. Each is applied in its author's name once all who are
        needed have signed; what has changed since it was proposed is asked again.

        :raises AccessError: if the user may not sign one of them.
        """
        self._check_may_sign()
        waiting = self.sudo()._lock_waiting().sorted("id")
        # All is looked at before anything is applied: what was applied here and isn't
        # committed yet would be in the way of the next preview.
        looked = {approval: approval._look() for approval in waiting}
        told = {}
        for approval in waiting:
            state = approval._sign(self.env.user, *looked[approval])
            told[state] = told.get(state, 0) + 1
        self.sudo()._ask_signers(self.sudo().company_id)
        return self._tell_signed(told)

    def action_refuse(self, note=""):
        """Refuse to sign these proposals: nothing is applied. Of what an approver looks
        at afterwards it says that it should be undone.

        :param note: why, for whoever proposed it.
        :raises AccessError: if the user may not sign one of them.
        """
        self._check_may_sign()
        approvals = self.sudo()._lock_waiting()
        for approval in approvals:
            approval._sign_row(self.env.user, SignState.REFUSED, fit(note))
        approvals._log_signing(Action.DECISION_REFUSED)
        approvals._tell_author()
        approvals._ask_signers(approvals.company_id)
        return notify(self.env._("Refused: %s.", len(approvals)), reload=True)

    # -- who ----------------------------------------------------------------------

    def _check_may_sign(self):
        """Raise unless a real person with the role signs what is not their own.

        Superuser mode makes nobody an approver: it is the person who counts.
        """
        user = self.env.user
        if self.env.uid == SUPERUSER_ID or not user.active or user.share:
            raise AccessError(
                self.env._("Only a person can sign a decision. Log in as a user.")
            )
        if "approver" not in roles_of(user):
            raise make_refusal(self.env, ("approver",))
        self.sudo(False).check_access("read")
        for approval in self.sudo():
            if user in approval.author_id | approval.requested_by:
                raise AccessError(
                    self.env._(
                        "You have decided or proposed this yourself, so somebody else "
                        "has to sign it. Take it out of your selection."
                    )
                )
            if user == approval.decided_by_1:
                raise AccessError(
                    self.env._(
                        "You have signed this already. It needs a second person."
                    )
                )

    def _lock_waiting(self):
        """Keep others off these proposals until the transaction ends.

        :return: those that still wait.
        :raises UserError: if none of them does.
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM saas_approval
                    WHERE id = ANY(%s) AND state = 'waiting' ORDER BY id FOR UPDATE""",
                self.ids,
            )
        )
        self.invalidate_recordset()
        waiting = self.browse([row_id for (row_id,) in rows])
        if not waiting:
            raise UserError(
                self.env._(
                    "Somebody has decided this meanwhile. Load the list again to see "
                    "what came of it."
                )
            )
        return waiting

    # -- what -----------------------------------------------------------------------

    def _look(self):
        """Return the form of a proposal, what it shows now, and what is wrong with it.

        :raises PreviewBusy: if nothing can be shown just now.
        """
        if self.is_sample:
            return None, None, ""
        try:
            with self.env.cr.savepoint():
                form = self._make_form()
                form._check_decision()
                return form, form._read_shown(), ""
        except PreviewBusy:
            raise
        except UserError as error:
            self.env.invalidate_all()
            return None, None, str(error)

    def _sign(self, user, form, shown, trouble):
        """Sign one proposal, and apply it if no signature lacks.

        :return: the :class:`~...canonical.review.duties.SignState` that it gets.
        """
        if self.is_sample:
            self._sign_row(user, SignState.APPROVED)
            self._log_signing(Action.DECISION_SIGNED)
            return SignState.APPROVED
        if trouble:
            self._end_void(trouble)
            return SignState.VOID
        if shown.digest != self.subject_digest:
            self._end_void(
                self.env._(
                    "What it is about, or what comes of it, has changed since it was "
                    "proposed. It is asked again as it is now."
                )
            )
            again = self.create(self._prepare_again(shown))
            again._log_signing(Action.DECISION_PROPOSED)
            return SignState.VOID
        if self.needed == 2 and not self.decided_by_1:
            self._sign_row(user, SignState.WAITING)
            self._log_signing(Action.DECISION_SIGNED)
            return SignState.WAITING
        try:
            # What can't be done is undone alone: other proposals are signed.
            with self.env.cr.savepoint():
                self._sign_row(user, SignState.APPROVED)
                self._log_signing(Action.DECISION_SIGNED)
                self._apply(form)
        except UserError as error:
            self.env.invalidate_all()
            self._end_void(str(error))
            return SignState.VOID
        return SignState.APPROVED

    def _apply(self, form):
        """Do what was signed, in the author's name."""
        signers = self.decided_by_1 | self.decided_by_2
        signed = Signed(signers.mapped("login")).in_context()
        form.with_context(**signed)._check_decision()
        form.with_context(**signed)._decide()
        author = self.with_user(self.author_id).sudo()
        author.with_context(**signed)._log_signing(Action.DECISION_APPLIED)

    def _make_form(self):
        """Return the form as the author filled it in, with the author's rights."""
        author = self.author_id
        company = self.company_id
        if not author.active or company not in author.company_ids:
            raise UserError(
                self.env._("Whoever proposed this works here no more. Propose it anew.")
            )
        env = self._get_env_of(author, company)
        return env[self.form].create(self.form_values)

    def _get_env_of(self, author, company):
        """Return the environment in which a decision is made: with the author's rights
        and language, and nothing that a caller has stated.
        """
        context = {"allowed_company_ids": company.ids}
        context |= {"lang": author.lang, "tz": author.tz}
        return self.env(user=author.id, su=False, context=context)

    def _prepare_again(self, shown):
        """Return the values of the proposal that follows a void one."""
        [vals] = self.copy_data(
            {
                "form_values": shown.values,
                "previous_id": self.id,
                "subject_digest": shown.digest,
                "preview": shown.page,
                "amount": shown.amount or 0,
                "amount_known": shown.amount is not None,
                "event_ids": [fields.Command.set(self.event_ids.ids)],
                "source_ids": [fields.Command.set(self.source_ids.ids)],
                "state": SignState.WAITING.value,
                "decided_by_1": False,
                "decided_by_2": False,
                "decided_at": False,
                "answer": False,
            }
        )
        return vals

    def _sign_row(self, user, state, answer=None):
        name = "decided_by_2" if self.decided_by_1 else "decided_by_1"
        self.write(
            {
                name: user.id,
                "state": state.value,
                "decided_at": fields.Datetime.now(),
                "answer": answer or False,
            }
        )
        self.flush_recordset()
        if state != SignState.WAITING:
            self._end_activities()

    def _end_void(self, answer):
        """Note that a proposal can't be signed any more, and why."""
        self.write(
            {
                "state": SignState.VOID.value,
                "decided_at": fields.Datetime.now(),
                "answer": fit(answer),
            }
        )
        self.flush_recordset()
        self._log_signing(Action.DECISION_VOID, answer)
        self._end_activities()

    # -- telling ----------------------------------------------------------------------

    def _tell_signed(self, told):
        """Return the message that says what came of signing."""
        sentences = {
            SignState.APPROVED: self.env._("Approved and applied: %s."),
            SignState.WAITING: self.env._("Signed, and needs a second person: %s."),
            SignState.VOID: self.env._(
                "Changed since it was shown, and therefore void: %s. What can still be "
                "done is asked again."
            ),
        }
        return notify(
            " ".join(
                sentence % told[state]
                for state, sentence in sentences.items()
                if state in told
            ),
            "warning" if SignState.VOID in told else "success",
            sticky=SignState.VOID in told,
            reload=True,
        )

    def _log_signing(self, action, detail=None):
        """Note in the logs of their sources what became of proposals."""
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": action.value,
                    "res_model": approval._name,
                    "res_id": approval.id,
                    "detail": ": ".join(
                        filter(None, (approval.summary, detail or approval.answer))
                    ),
                }
                for approval in self
                for source in approval.source_ids
            ]
        )
