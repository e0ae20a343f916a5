"""A person who changes subscriptions by hand."""

import re

from ..subscriptions.selling import SellingCommon
from ..support.session import create_person


class PeopleCommon(SellingCommon):
    """A finance reviewer, who presses the buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = create_person(cls, "sub_reviewer", "reviewer")

    @property
    def tenant(self):
        return self.env["saas.tenant"].search([("company_id", "=", self.company.id)])

    def open(self, record, method, user=None, **vals):
        """Press a button and fill in its form; return the form."""
        user = user or self.reviewer
        record = record.with_user(user).sudo(False)
        action = getattr(record, method)()
        forms = self.env[action["res_model"]].with_user(user).sudo(False)
        return forms.with_context(**action["context"]).create(vals)

    def press(self, record, method, user=None, **vals):
        """Press a button, fill in its form, and apply it."""
        return self.open(record, method, user, **vals).action_apply()

    def begin(self, moment="2026-01-15 00:00:00", seats="5", **vals):
        """Begin a subscription by hand; return it."""
        values = {"plan_version_id": self.team.id, "moment": moment, **vals}
        form = self.open(self.tenant, "action_start_subscription", **values)
        form.line_ids.filtered(lambda line: line.code == "seats").quantity = seats
        form.action_apply()
        return self.env["saas.subscription"].search(
            [("external_id", "=", form.reference)]
        )

    def set_seats(self, form, seats):
        """Write another number of seats into a form."""
        form.line_ids.filtered(lambda line: line.code == "seats").quantity = seats
        return form


def plain(html):
    """Return a page as one line of text."""
    return re.sub(r"<[^>]+>|\s+", " ", str(html or "")).replace("  ", " ")
