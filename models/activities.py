from odoo import fields, models


class SaasActivities(models.AbstractModel):
    """Asks a person for what only a person can do, by an activity on a record."""

    _name = "saas.activities"
    _description = "SaaS activities"

    def _ask(self, source, type_name, records, summary, deadlines=None):
        """See to it that each record has one activity of a type.

        :param type_name: XML id of the activity's type, in this addon.
        :param deadlines: days by record, where it is not today.
        """
        waiting = self._get_open(type_name, records).mapped("res_id")
        records = records.filtered(lambda record: record.id not in waiting)
        rows = [(record, summary, False) for record in records]
        self._create(source, type_name, rows, deadlines)

    def _create(self, source, type_name, rows, deadlines=None):
        """Create activities of a type, each of a record, a summary and a note."""
        user = source._get_responsible()
        self._create_for(type_name, [(*row, user) for row in rows], deadlines)

    def _create_for(self, type_name, rows, deadlines=None):
        """Create activities of a type, of any sources, in one go.

        :param rows: tuples of a record, a summary, a note and the user who is asked; an
            empty one is the user at work.
        :return: the activities, in that order.
        """
        if not rows:
            return self.env["mail.activity"]
        today = fields.Date.context_today(self)
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        return quick.create(
            [
                {
                    "activity_type_id": self._get_type(type_name).id,
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "summary": summary,
                    "note": note,
                    "user_id": user.id or self.env.uid,
                    "date_deadline": (deadlines or {}).get(record) or today,
                }
                for record, summary, note, user in rows
            ]
        )

    def _ask_each(self, source, type_name, record, questions):
        """See to it that a record has one activity of a type for each question.

        :param questions: the activities' notes, by their summaries.
        """
        asked = set(self._get_open(type_name, record).mapped("summary"))
        new = {text: note for text, note in questions.items() if text not in asked}
        self._create(source, type_name, [(record, *pair) for pair in new.items()])

    def _stop_asking(self, type_name, records):
        """Remove the activities of a type from records."""
        self._get_open(type_name, records).unlink()

    def _get_open(self, type_name, records):
        if not records:
            return self.env["mail.activity"]
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self._get_type(type_name).id),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )

    def _get_type(self, type_name):
        return self.env.ref(f"saas_billing_sync.{type_name}")
