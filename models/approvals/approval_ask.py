from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ...canonical.review.duties import CHANGE_FORM, SignState
from ..notification import notify
from ..roles import find_people

_ASKED = "mail_activity_approval_waits"
_REFUSED = "mail_activity_approval_refused"
#: What is kept of a long choice, in characters.
_LONGEST = 2000


class SaasApproval(models.Model):
    """Asks approvers for their signatures: one activity for each of them, however much
    waits, which moves on to the next proposal.
    """

    _inherit = "saas.approval"

    @api.model
    def _get_signers(self, company):
        """Return the people who can sign decisions of a company."""
        return find_people(self.env, "approver", company)

    @api.model
    def _propose(self, form, kind, needed, shown):
        """Ask for signatures of what a person has decided, instead of doing it. What
        was proposed of the same before is void: the newest proposal counts.

        :param form: the form with what was chosen, as its author sees it.
        :param shown: the :class:`~...canonical.review.shown.Shown` of it.
        :return: the message for the author.
        """
        author = form.sudo().create_uid
        vals = self._prepare_proposal(form, kind, shown)
        older = self.sudo().search(
            Domain("company_id", "=", vals["company_id"])
            & Domain("subject_key", "=", vals["subject_key"])
            & self._get_waiting_domain()
        )
        for approval in older:
            approval._end_void(self.env._("Another proposal has taken its place."))
        approval = self.sudo().create(
            {**vals, "author_id": author.id, "needed": needed}
        )
        approval._log_signing(Action.DECISION_PROPOSED)
        signers = self._get_signers(approval.company_id)
        able = signers - author - self.env.user
        approval._ask_signers(approval.company_id)
        if len(able) >= needed:
            text = self.env._(
                "It is proposed, and counts once it is signed by: %s.",
                ", ".join(able.mapped("name")),
            )
            return notify(text, "info", close=True)
        return notify(
            self.env._(
                "It is proposed, but there are not enough people who could sign it. "
                "Ask an administrator to give somebody else the role Finance approver. "
                "In a company of one person, an integration manager can decide under "
                "Configuration, Four Eyes, to work without."
            ),
            "warning",
            sticky=True,
            close=True,
        )

    def _prepare_proposal(self, form, kind, shown):
        return {
            "company_id": shown.company_id,
            "kind": kind.value,
            "summary": fit(shown.summary),
            "lines": fit(shown.lines, _LONGEST),
            "note": shown.note or False,
            "requested_by": self.env.uid,
            "amount": shown.amount or 0,
            "amount_known": shown.amount is not None,
            "event_ids": [fields.Command.set(shown.event_ids)],
            "source_ids": [fields.Command.set(shown.source_ids)],
            "form": form._name,
            "form_values": shown.values,
            "subject_key": shown.subject_key,
            "subject_digest": shown.digest,
            "preview": shown.page,
        }

    @api.model
    def _note_sample(self, form, kind, shown):
        """Have an approver look at what was decided and needed no signature."""
        approval = self.sudo().create(
            {
                **self._prepare_proposal(form, kind, shown),
                "author_id": form.sudo().create_uid.id,
                "is_sample": True,
            }
        )
        approval._log_signing(Action.DECISION_SAMPLED)
        approval._ask_signers(approval.company_id)

    @api.model
    def _draw(self, records, kind, amount):
        """Have an approver look at what a person has created, which needed no
        signature.
        """
        form = self.env[CHANGE_FORM]._describe_created(records)
        self._note_sample(form, kind, form._read_shown(is_previewed=False))

    # -- activities -----------------------------------------------------------------

    @api.model
    def _ask_signers(self, companies):
        """See to it that each approver of companies for whom something waits has one
        activity, on what has waited longest.
        """
        activities = self.env["saas.activities"].sudo()
        rows = []
        for company in companies:
            waiting = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", SignState.WAITING.value),
                ],
                order="id",
            )
            if not waiting:
                continue
            asked = activities._get_open(_ASKED, waiting).user_id
            for user in self._get_signers(company) - asked:
                able = waiting.filtered_domain(self._get_signable(user))
                if able:
                    rows.append((able[0], user, False))
        self._ask_users(_ASKED, rows)

    @api.model
    def _ask_users(self, type_name, rows):
        """Create activities of a type.

        :param rows: tuples of a proposal, the user who is asked, and a note.
        """
        activities = self.env["saas.activities"].sudo()
        summary = activities._get_type(type_name).summary
        activities._create_for(
            type_name,
            [(approval, summary, note, user) for approval, user, note in rows],
        )

    def _end_activities(self):
        """Take away what asked for signatures of proposals that are decided."""
        self.env["saas.activities"].sudo()._stop_asking(_ASKED, self)

    def _tell_author(self):
        """Ask the authors of refused proposals to look at why."""
        self._ask_users(_REFUSED, [(row, row.author_id, row.answer) for row in self])

    # -- going round ------------------------------------------------------------------

    def action_view_events(self):
        """Open the events that a proposal is about."""
        self.ensure_one()
        if not self.event_ids:
            raise UserError(self.env._("This proposal is about no event."))
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_open(self.event_ids))
