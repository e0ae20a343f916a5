"""Who may have something done to many events: over the ORM and JSON-RPC, when they ask
and when it runs.
"""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.operations.operation_kind import OF_SOURCES, QUICK, ROLES, Operation
from .operating import OperationCommon

#: A search that finds all there is.
_ALL = [["id", "!=", 0]]


@tagged("post_install", "-at_install")
class TestOperationRights(OperationCommon, HttpCase):
    def _vals(self, kind):
        by_source = kind in (Operation.REDRIVE, Operation.REPLAY_DAYS, *OF_SOURCES)
        days = {"date_from": "2020-01-01", "date_to": "2099-01-01"}
        return {
            "kind": kind.value,
            "reason": "I want it.",
            "selection": json.dumps(_ALL),
            **({"source_ids": self.source.ids} if by_source else {}),
            **(days if kind == Operation.REPLAY_DAYS else {}),
        }

    def _fill_states(self):
        self.fill(2, "dead", "retries_exhausted")
        self.fill(2, "done", None)
        self.fill(2, "parked", "held_by_person")

    def test_each_role_may_what_the_list_says(self):
        self._fill_states()
        for kind in Operation:
            for role, user in self.users.items():
                roles = {role, "operator"} if role == "manager" else {role}
                with self.subTest(kind=str(kind), role=role):
                    if kind == Operation.RESUME:
                        self.source.state = "paused"
                    savepoint = self.env.cr.savepoint()
                    with savepoint:
                        if roles & set(ROLES[kind]):
                            self.assertTrue(
                                self.begin(kind, role, **self._chosen(kind))
                            )
                        else:
                            with self.assertRaises(AccessError):
                                self._start_unseen(kind, user)
                        self.env.flush_all()
                        savepoint.rollback()
                    self.env.invalidate_all()

    def _chosen(self, kind):
        vals = self._vals(kind)
        chosen = {k: v for k, v in vals.items() if k not in ("kind", "selection")}
        return {**chosen, "domain": _ALL}

    def _start_unseen(self, kind, user):
        """Start what no screen offers to a user."""
        wizard = self.env["saas.operation.start"].with_user(user).sudo(False)
        wizard.create(self._vals(kind)).action_apply()

    def test_without_a_choice_nothing_is_chosen(self):
        self._fill_states()
        self.assertFalse(self.ask("retry").can_start)
        for wrong in ("null", "{", '[["password", "=", 1]]', '"x"'):
            with self.subTest(selection=wrong), self.assertRaises(UserError):
                self.ask("retry", selection=wrong).action_apply()

    def test_nobody_writes_an_operation(self):
        operation = self.begin("retry", events=self.fill(QUICK + 1))
        item = operation.item_ids[0]
        for role, user in self.users.items():
            for record in (operation, item):
                mine = record.with_user(user).sudo(False)
                with self.subTest(role=role, model=record._name):
                    for call in (
                        lambda mine=mine: mine.write({"state": "done"}),
                        lambda mine=mine: mine.unlink(),
                        lambda mine=mine: mine.create({}),
                    ):
                        with self.assertRaises(AccessError):
                            call()

    def test_who_does_not_see_a_company_chooses_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        outsider = new_test_user(
            self.env,
            "operating_outsider",
            groups="saas_billing_sync.group_saas_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        events = self.fill(2)
        self.users["outsider"] = outsider
        wizard = self.ask("retry", "outsider", domain=[["state", "!=", False]])
        self.assertFalse(wizard.can_start)
        with self.assertRaises(AccessError):
            events.with_user(outsider).sudo(False).action_hold()
        with self.assertRaises(AccessError):
            self._start_unseen(Operation.PAUSE, outsider)
        operation = self.begin("retry", events=events)
        with self.assertRaises(AccessError):
            operation.with_user(outsider).sudo(False).read(["reason"])
        with self.assertRaises(AccessError):
            operation.with_user(outsider).sudo(False).action_cancel()

    def test_rights_count_when_it_runs(self):
        """Who has lost them while it waited has it ended in sight."""
        events = self.fill(300)
        operation = self.begin("retry", events=events)
        self.run_chunk(operation)
        user = self.users["operator"]
        user.group_ids -= self.env.ref("saas_billing_sync.group_saas_operator")
        self.run_chunk(operation)
        self.assertEqual((operation.state, operation.done_count), ("cancelled", 200))
        self.assertIn("may", operation.last_error)
        left = events.filtered(lambda event: event.state == "quarantined")
        self.assertEqual(len(left), 100)
        self.assertEqual(self.begin("retry", "manager", events=left).total_count, 100)

    def test_who_has_left_does_nothing_any_more(self):
        operation = self.begin("retry", events=self.fill(QUICK + 1))
        self.users["operator"].active = False
        self.run_chunk(operation)
        self.assertEqual((operation.state, operation.done_count), ("cancelled", 0))

    def test_superuser_mode_is_nobody(self):
        with self.assertRaises(AccessError):
            self.env["saas.operation"].with_user(self.users["user"]).sudo()._start(
                Operation.RETRY, "because", domain=[("id", "in", self.fill(1).ids)]
            )

    def test_json_rpc(self):
        """What the ORM refuses is refused there too, whatever the context says."""
        self._fill_states()
        operation = self.begin("retry", events=self.fill(QUICK + 1))
        for role in ("user", "reviewer"):
            self.users[role].password = "harbor-velvet-lantern"
            self.authenticate(f"operating_{role}", "harbor-velvet-lantern")
            refused = {
                ("saas.subscription.event", "action_hold"): [
                    self.events.search([]).ids
                ],
                ("saas.subscription.event", "action_let_go"): [
                    self.events.search([]).ids
                ],
                ("saas.source", "action_pause"): [self.source.ids],
                ("saas.operation", "write"): [operation.ids, {"state": "done"}],
                ("saas.operation", "create"): [[{"kind": "retry", "reason": "x"}]],
                ("saas.operation", "_job_chunk"): [operation.ids, 0, 2],
                ("saas.operation", "_start"): ["retry", "x"],
                ("saas.operation.item", "unlink"): [operation.item_ids[:1].ids],
            }
            if role == "user":
                refused["saas.operation", "action_cancel"] = [operation.ids]
                refused["saas.operation", "action_resume"] = [operation.ids]
                refused["saas.operation.start", "create"] = [
                    [self._vals(Operation.RETRY)]
                ]
            for (model, method), args in refused.items():
                with self.subTest(role=role, model=model, method=method):
                    error = self._call(model, method, args)
                    self.assertIn(error, ("AccessError", "AttributeError"))
        self.env.invalidate_all()
        self.assertEqual((operation.state, operation.done_count), ("running", 0))
        self.assertEqual(self.source.state, "active")

    def _call(self, model, method, args):
        """Return the name of the error that a call over JSON-RPC ends with."""
        context = {"saas_pipeline": True, "saas_selection": [], "su": True, "uid": 1}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": {"context": context},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        error = answer.json().get("error", {}).get("data", {})
        return error.get("name", "").rpartition(".")[2]
