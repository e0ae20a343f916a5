import json

from odoo import models
from odoo.exceptions import UserError

from ...canonical.marks import Sink
from ...canonical.review.duties import Decision
from ...canonical.review.shown import Shown, make_digest
from ...models.review.not_previewed import PreviewRefused

#: Of a form, what is not chosen in it.
_NOT_CHOSEN = frozenset(("event_ids", "note", "preview", "difference_ids"))


class SaasDecisionMixin(models.AbstractModel):
    """A form by which a person decides something about the books. Where the company's
    policy wants it, what was decided is proposed to a finance approver, and done once
    they have signed; else it is done at once.

    A form says of itself what it decides (``_decision``), about what
    (:meth:`_get_subject`), whether it may (:meth:`_check_decision`), and how
    (:meth:`_decide`).
    """

    _name = "saas.decision.mixin"
    _description = "SaaS decision that may need a signature"

    #: A value of :class:`~...canonical.review.duties.Decision`.
    _decision = None

    def action_apply(self):
        """Do what was chosen; where others have to sign it, propose it to them.

        :raises UserError: if it can't be done.
        """
        self.ensure_one()
        self._check_links()
        self._check_decision()
        kind = self._get_decision()
        if not kind or self.env.su or Sink.get(self.env):
            return self._decide()
        company = self._get_decided_company()
        policies = self.env["saas.approval.policy"]
        approvals = self.env["saas.approval"]
        needed = policies._count_needed(company, kind, self._get_amount())
        is_drawn = not needed and policies._is_drawn(company, kind)
        # What is shown is read with the person's rights and nothing a caller states.
        env = approvals.sudo()._get_env_of(self.env.user, company)
        if needed:
            form = self.with_env(env)
            return approvals._propose(form, kind, needed, form._read_shown())
        shown = self.with_env(env)._read_shown(is_previewed=False) if is_drawn else None
        result = self._decide()
        if shown:
            approvals._note_sample(self, kind, shown)
        return result

    # -- what a form says of itself -------------------------------------------------

    def _check_decision(self):
        """Raise unless the user may decide this, and it can be done now."""

    def _decide(self):
        """Do it, and return what the screen does next."""
        raise NotImplementedError

    def _get_decision(self):
        """Return the kind of decision this is; None if it is not about books."""
        return Decision(self._decision)

    def _get_decided_company(self):
        """Return the one company that the decision is about."""
        companies = self._get_subject().sudo().company_id
        if len(companies) != 1:
            raise UserError(
                self.env._(
                    "This is about several companies. Decide for each company apart, "
                    "since each says for itself who has to sign."
                )
            )
        return companies

    def _get_subject(self):
        """Return the records that the decision is about."""
        return self.event_ids

    def _get_amount(self):
        """Return what is at stake in the company's currency; None: not known."""
        return self._get_subject()._sum_stakes()

    def _read_subject(self):
        """Return what a signature rests on, of each record that it is about."""
        return sorted(
            [event.id, event.state, event.reason, event.body_hash]
            for event in self.event_ids.sudo()
        )

    def _get_shown_events(self):
        """Return the events that a preview shows."""
        return self.event_ids

    # -- what is shown to whoever signs ------------------------------------------------

    def _read_shown(self, is_previewed=True):
        """Return what an approver is shown, and signs.

        :return: a :class:`~...canonical.review.shown.Shown`.
        """
        subject, events = self._get_subject(), self._get_shown_events()
        outcome, page = self._preview_decision(events) if is_previewed else (None, "")
        [values] = self.copy_data()
        return Shown(
            company_id=self._get_decided_company().id,
            summary=self._summarise(),
            lines="\n".join(self._describe_choice()),
            # As it comes back from the database: lists for tuples, texts for days.
            values=json.loads(json.dumps(values, default=str)),
            subject=self._read_subject(),
            subject_key=make_digest([subject._name, *self._get_key()]),
            outcome=outcome,
            page=page,
            amount=self._get_amount(),
            note="note" in self._fields and self.note or "",
            event_ids=events.ids,
            source_ids=self._get_decided_sources().ids,
        )

    def _preview_decision(self, events):
        """Return what comes of the decision: plain values, and a page; neither where
        the form has no preview.
        """
        if not events and "preview" not in self._fields:
            return None, ""
        try:
            result = self.env["saas.preview"]._preview(
                events, self._get_change_to_preview(), self._get_decided_company()
            )
        except PreviewRefused as error:
            return {"refusal": str(error)}, ""
        return result, self.env["saas.preview.page"]._render(result)

    def _get_change_to_preview(self):
        """Return the change that a preview makes: this form, filled in alike."""
        [values] = self.copy_data()
        return lambda env: env[self._name].create(values).action_apply()

    def _get_key(self):
        """Return what tells the subject from others."""
        return sorted(self._get_subject().ids)

    def _get_decided_sources(self):
        return self._get_subject().sudo().source_id

    def _summarise(self):
        """Return in one sentence what is decided, about what."""
        kind = self.env["saas.approval"]._fields["kind"]
        kinds = dict(kind._description_selection(self.env))
        names = self._name_subject()
        more = len(names) - 1
        return self.env._(
            "%(what)s: %(name)s%(more)s",
            what=kinds[self._get_decision()],
            name=names[0] if names else "–",
            more=self.env._(", and %s more", more) if more > 0 else "",
        )

    def _name_subject(self):
        return [
            ", ".join(event.object_refs or ()) or event.external_id
            for event in self.event_ids.sudo()
        ]

    def _describe_choice(self):
        """Return what was chosen in the form, a line each."""
        [values] = self.copy_data()
        labels = self.fields_get(list(values), ["string", "selection"])
        lines = []
        for name in values:
            field, value = self._fields[name], self[name]
            if name in _NOT_CHOSEN or not value or name not in labels:
                continue
            if field.comodel_name:
                value = ", ".join(value.mapped("display_name"))
            elif field.type == "selection":
                value = dict(labels[name]["selection"]).get(value, value)
            elif field.type == "boolean":
                value = self.env._("Yes")
            lines.append(f"{labels[name]['string']}: {value}")
        return lines
