from odoo import models

from ..canonical.actions import EVENT_STATES, Action

_STATES = frozenset(
    action.value for action in (*EVENT_STATES.values(), Action.EVENT_OBSERVED)
)


class SaasPreviewBooks(models.AbstractModel):
    """Reads what becomes of events, what the log would say, and what others are asked
    for and told.
    """

    _inherit = "saas.preview.books"

    # -- events -----------------------------------------------------------------

    def _read_events(self, rows, events, left):
        """Return what becomes of the events asked for, then of those freed."""
        inbox = self.env["saas.subscription.event"]
        told = [row["event_id"] for row in rows if row["action"] in _STATES]
        every = inbox.browse(dict.fromkeys([*events.ids, *told]))
        every = every.filtered(lambda event: event.company_id == self.env.company)
        replayed = every.replay_of_id & events
        return [
            self._read_event(event, events, left)
            for event in every
            # What is replayed stays as it is: the replay tells what comes of it.
            if event not in replayed and event.id not in (left & events).ids
        ]

    def _read_event(self, event, events, left):
        labels = dict(event._fields["state"]._description_selection(self.env))
        reasons = dict(event._fields["reason"]._description_selection(self.env))
        origin = event.replay_of_id if event.replay_of_id in events else event
        return {
            "id": origin.id,
            "event": origin.external_id,
            "type": event.event_type,
            "source": event.source_id.name,
            "tenant": event.tenant_id.display_name or "",
            "is_chosen": origin in events,
            "is_replay": origin != event,
            "is_left": event in left,
            "state": event.state,
            "state_label": labels[event.state],
            "reason": event.reason or "",
            "reason_label": reasons.get(event.reason) or "",
            "detail": self._clean(event.detail),
            "waiting_for": event.waiting_for or "",
            "next_step": event.next_step or "",
            "retry_at": str(event.retry_at or ""),
        }

    def _read_steps(self, rows):
        """Return what the log would say was done, apart from states of events."""
        labels = dict(
            self.env["saas.sync.log"]._fields["action"]._description_selection(self.env)
        )
        steps = [row for row in rows if row["action"] not in _STATES]
        ids = {}
        for row in steps:
            if row.get("res_id"):
                ids.setdefault(row["res_model"], set()).add(row["res_id"])
        names = {
            (model, record.id): self._clean(record.display_name)
            for model, found in ids.items()
            for record in self.env[model].browse(found).exists()
            if self._is_ours(record)
        }
        return [
            {
                "event_id": row.get("event_id") or 0,
                "action": row["action"],
                "label": labels[row["action"]],
                "record": names.get((row.get("res_model"), row.get("res_id")), ""),
                "detail": self._clean(row.get("detail")),
            }
            for row in steps
        ]

    def _is_ours(self, record):
        """Return whether a record may be named to who sees this company."""
        company = "company_id" in record._fields and record.company_id
        return not company or company == self.env.company

    # -- what others get ----------------------------------------------------------

    def _read_sent(self, marks):
        """Return what would be asked of people, sent to others and done in jobs."""
        jobs = self._get_new("queue.job", marks)
        return {
            "activities": [
                {
                    "type": activity.activity_type_id.name,
                    "summary": self._clean(activity.summary),
                    "record": self._clean(activity.res_name),
                    "user": activity.user_id.name,
                    "day": str(activity.date_deadline),
                }
                for activity in self._get_new("mail.activity", marks)
            ],
            "messages": [
                {
                    "type": message.type,
                    "target": message.target_id.name,
                    "object": self._clean(message.payload["object"].get("number")),
                    "tenant": message.tenant_id.display_name or "",
                }
                for message in self._get_new("saas.outbound.message", marks)
            ],
            "mails": [
                {"subject": self._clean(mail.subject)}
                for mail in self._get_new("mail.mail", marks)
            ],
            "jobs": [
                {"name": job.name, "method": job.method_name}
                for job in jobs
                # What these do is shown already.
                if job.method_name != "_job_drain"
            ],
        }
