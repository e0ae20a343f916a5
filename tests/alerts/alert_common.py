"""Alerts as the schedule raises them, and what people get of them."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command
from odoo.fields import Datetime
from odoo.tests import new_test_user

from ..metrics.reading import ReadingMixin
from ..support.common import SaasCommon

#: After all that the database itself dates, which no frozen clock holds.
NOON = Datetime.to_datetime("2030-05-15 12:00:00")


class AlertCommon(ReadingMixin, SaasCommon):
    """A person of each role with an address, and a clock that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                f"alert_{role}",
                email=f"{role}@example.com",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role in ("operator", "manager", "reviewer")
        }
        cls.last_mail = cls.env["mail.mail"].search([], order="id desc", limit=1).id

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOON))

    def watch(self, after=None):
        """Look for what goes wrong, as the schedule does.

        :param after: by how much the clock is moved on before.
        """
        self.clock.tick(after or timedelta())
        # Each run begins with an empty cache.
        self.env.flush_all()
        self.env.invalidate_all()
        watch = self.env["saas.alert.watch"].with_user(SUPERUSER_ID)
        watch._cron_watch_quick()
        watch._cron_watch_slow()
        self.env.flush_all()
        self.env.invalidate_all()

    def alerts(self, kind=None, source=None):
        """Return the alerts of a source, in the order in which they were raised."""
        terms = [("source_id", "=", (source or self.source).id)]
        terms += [("kind", "=", kind)] if kind else []
        return self.env["saas.alert"].search(terms, order="id")

    def rule(self, kind, company=None):
        """Return a company's rule of a kind."""
        return self.env["saas.alert.rule"].search(
            [("company_id", "=", (company or self.company).id), ("kind", "=", kind)]
        )

    def mails(self, role=None):
        """Return the mails that were written to the people of a role, or to all."""
        mails = self.env["mail.mail"].search([("id", ">", self.last_mail or 0)])
        if role:
            to = self.users[role].partner_id
            mails = mails.filtered(lambda mail: to in mail.recipient_ids)
        return mails.sorted("id")

    def activities(self, source=None):
        """Return the open activities about alerts of a source."""
        kind = self.env.ref("saas_billing_sync.mail_activity_alert")
        return (source or self.source).activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def kill(self, count=1, source=None):
        """Have events given up."""
        source = source or self.source
        reason = {"state": "'dead'", "reason": "'retries_exhausted'"}
        self.put_events(count, source, **reason)

    def revive(self, source=None):
        """Have what was given up processed after all."""
        self.env.cr.execute(
            """UPDATE saas_subscription_event SET state = 'done'
                WHERE state = 'dead' AND source_id = %s""",
            ((source or self.source).id,),
        )
        self.env.invalidate_all()
