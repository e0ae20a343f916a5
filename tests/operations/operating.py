"""Operations on many events, started as people start them and run as the job runner
runs them.
"""

import json
from hashlib import sha256
from itertools import count as count_up

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from ..support.common import SaasCommon
from ..support.session import create_person

#: Tells the events of one filling from those of another.
_FILLS = count_up()


class OperationCommon(SaasCommon):
    """A person of each role, and events by the thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: create_person(cls, f"operating_{role}", role)
            for role in ("operator", "manager", "reviewer", "user")
        }
        cls.events = cls.env["saas.subscription.event"]

    def fill(self, count, state="quarantined", reason="unmapped_product", body="{}"):
        """Store events that are in a state already, in one statement; return them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_subscription_event
                          (source_id, company_id, external_id, event_type, body,
                           body_hash, state, reason, attempts, lane, received_at,
                           create_date, write_date)
                   SELECT %s, %s, 'evt_' || %s || '_' || n, 'customer.updated', %s,
                          %s, %s, %s, 3, 'realtime', now() at time zone 'UTC',
                          now(), now()
                   FROM generate_series(1, %s) n RETURNING id""",
                *(self.source.id, self.company.id, next(_FILLS), body.encode()),
                *(sha256(body.encode()).hexdigest(), state, reason, count),
            )
        )
        return self.events.browse(id_ for (id_,) in self.env.cr.fetchall())

    def ask(self, kind, user="operator", *, domain=None, events=None, **vals):
        """Return the wizard of an operation, as a user has filled it in."""
        if events is not None:
            domain = [["id", "in", events.ids]]
        return (
            self.env["saas.operation.start"]
            .with_user(self.users[user])
            .sudo(False)
            .create(
                {
                    "kind": kind,
                    "reason": "The cause is mended.",
                    "selection": json.dumps(domain) if domain else False,
                    **vals,
                }
            )
        )

    def begin(self, kind, user="operator", **chosen):
        """Start an operation as a user does, and return it."""
        action = self.ask(kind, user, **chosen).action_apply()
        return self.env["saas.operation"].browse(action["res_id"])

    def run_chunk(self, operation):
        """Do what the job runner does for the next chunk, with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        job = self.find_job(operation)
        self.assertTrue(job, "no job does the next chunk")
        job.write({"state": "done"})
        runner = operation.with_user(SUPERUSER_ID)
        runner._job_chunk(*job.args)
        self.env.flush_all()
        self.env.invalidate_all()

    def run_all(self, operation):
        """Run the chunks of an operation until it has ended."""
        for _round in range(1000):
            if operation.state != "running":
                return
            self.run_chunk(operation)
        self.fail("the operation does not end")

    def find_job(self, operation):
        """Return the job that waits to do the next chunk of an operation."""
        key = f"saas_operation:{operation.id}:{operation.step}"
        return self.env["queue.job"].search(
            [("identity_key", "=", key), ("state", "=", "pending")]
        )
