"""Invoices of the company's own that a gateway collects: it takes orders as an adapter
passes them on, keeps to their keys, and tells of the money by events.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form

from ...canonical import facts
from ...canonical.kinds import Kind
from ...canonical.payments.collecting import (
    Collected,
    CollectionReason,
    CollectionState,
    Unclear,
)
from ..billing.common import BillingCommon, at
from ..payments.two_sources import TwoSourcesCommon, moment
from ..support.pulling import PullCommon

#: A page that the gateway has made for the customer to pay on.
LINK = "https://pay.example/page"


class Gateway:
    """What an adapter stands for, without its words: each key makes one payment,
    however often it comes. ``answers`` are given to the next orders, one each; an
    exception that is raised after the order was taken is a pair of both.
    """

    def __init__(self):
        self.calls, self.orders, self.made, self.answers = [], {}, {}, []
        self.closed = Collected(CollectionState.CANCELED)

    def collect(self, _model, _source, order):
        """Take an order, as an adapter's ``_collect``."""
        self.calls.append(("collect", order.key))
        if order.key in self.made:
            return self.made[order.key]
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        answer, error = answer if isinstance(answer, tuple) else (answer, None)
        ref = f"pay_{len(self.made) + 1}"
        self.orders[order.key] = order
        self.made[order.key] = answer or Collected(CollectionState.PENDING, ref)
        if error:
            raise error
        return self.made[order.key]

    def find(self, _model, _source, order):
        """Return what was made of an order, as an adapter's ``_find_collected``."""
        self.calls.append(("find", order.key))
        return self.made.get(order.key)

    def withdraw(self, _model, _source, order):
        """Take a page back, as an adapter's ``_withdraw``."""
        self.calls.append(("withdraw", order.link_ref))
        if isinstance(self.closed, Exception):
            raise self.closed
        return self.closed

    @property
    def total(self):
        """Return what all orders that were taken come to, in minor units."""
        return sum(order.amount for order in self.orders.values())


def needs_customer(reason=CollectionReason.AUTHENTICATION, hours=24, ref="page_1"):
    """Return the answer that the customer has to act, with a page to pay on."""
    return Collected(
        CollectionState.NEEDS_CUSTOMER,
        reason=reason,
        detail="The bank says no.",
        link=LINK,
        link_ref=ref,
        link_until=fields.Datetime.now().replace(tzinfo=UTC) + timedelta(hours=hours),
    )


def unclear(answer=None):
    """Return what makes an order arrive, and its answer not."""
    return answer, Unclear("The connection was cut.")


class CollectingCommon(TwoSourcesCommon, BillingCommon, PullCommon):
    """Ada holds the plan for 35.70 a month with taxes, and pays through the gateway,
    where she is ``c_ada``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.own | cls.gateway
        cls.tenant = cls.create_payer("Ada", email="ada@fjord.example")
        cls.subscription = cls.subscribe(cls.tenant, cls.pro, at(2026, 11, 1))
        adapter = type(cls.env["saas.adapter.stripe"])
        cls.stand_in = Gateway()
        for name, method in (
            ("_collect", "collect"),
            ("_find_collected", "find"),
            ("_withdraw", "withdraw"),
        ):
            call = cls.make_call(method)
            cls.startClassPatcher(patch.object(adapter, name, call))

    @classmethod
    def make_call(cls, method):
        """Return a method of an adapter that the gateway of the test answers."""

        def call(model, source, order):
            return getattr(cls.stand_in, method)(model, source, order)

        return call

    @classmethod
    def create_payer(cls, name, email=False, **vals):
        """Return a tenant that Odoo bills, and whom the gateway knows."""
        tenant = cls.create_tenant(name)
        tenant.partner_id.email = email
        cls.know(tenant, f"c_{name.lower()}")
        tenant.write({"collection_source_id": cls.gateway.id, **vals})
        return tenant

    @classmethod
    def know(cls, tenant, ref):
        """Let the gateway know a tenant by an id."""
        bindings = cls.env["saas.binding"]
        bindings.create(bindings._prepare_vals(cls.gateway, Kind.CUSTOMER, ref, tenant))

    def setUp(self):
        super().setUp()
        type(self).stand_in = Gateway()
        # Whatever setting up has left.
        self.env["queue.job"].search([]).unlink()

    # -- what is ordered ----------------------------------------------------------

    def bill_ada(self, month=11):
        """Bill a month; return the invoice."""
        self.bill(at(2026, month, 1))
        return self.get_moves(self.tenant)[-1]

    def collect(self, answer=None):
        """Bill, and have the gateway called once; return the command."""
        if answer:
            self.stand_in.answers.append(answer)
        move = self.bill_ada()
        self.run_jobs()
        return move.saas_collection_ids

    def start(self, move, user=None):
        """Collect an invoice by the wizard; return the new command."""
        if user:
            move = move.with_user(user)
        action = move.action_collect_saas()
        wizard = move.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizard)
        before = move.sudo().saas_collection_ids
        self.last_preview = form.preview
        form.save().action_start()
        return move.sudo().saas_collection_ids - before

    def pay_by_hand(self, move, amount):
        """Have a person enter a payment of an invoice."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        register.create({"amount": amount})._create_payments()

    def credit_by_hand(self, move):
        """Have a person credit an invoice in whole."""
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        reversal.create({"journal_id": move.journal_id.id}).refund_moves()
        move.reversal_move_ids.action_post()

    def pass_hours(self, command, hours):
        """Let the time pass since a command was sent; what waits for it may begin."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE saas_collection
               SET sent_at = sent_at - %(ago)s, next_try = next_try - %(ago)s,
                   link_until = link_until - %(ago)s, asked_at = asked_at - %(ago)s
               WHERE id = %(id)s""",
            {"ago": timedelta(hours=hours), "id": command.id},
        )
        self.env.invalidate_all()

    def run_all(self):
        """Do what the job runner does, also what waits for a time."""
        for _round in range(50):
            self.run_jobs()
            if not self.resume_jobs():
                return
        self.fail("the jobs never end")

    # -- what the gateway tells ---------------------------------------------------

    def paid(self, command, ref=None, amount=None, day=1, **vals):
        """Return the facts of money that came by a command."""
        ref = ref or command.external_id or "pay_1"
        payment = self.payment(
            ref,
            amount or command.amount,
            day,
            currency=command.currency_id.name,
            customer=command.customer_ref,
            metadata=command._get_labels(),
            **vals,
        )
        return payment, self.outcome(command, "succeeded", ref, day)

    def gone(self, command, ref=None, day=5, **vals):
        """Return the facts of money that was taken back."""
        ref = ref or command.external_id or "pay_1"
        failure = self.failure(ref, command.amount, day, customer=command.customer_ref)
        return failure, self.outcome(
            command, "failed", ref, day, has_moved=True, **vals
        )

    def outcome(self, command, state, ref=None, day=1, **vals):
        """Return the fact of what became of a command."""
        return facts.CollectionOutcome(
            external_id=ref or command.external_id or "pay_1",
            order=command.key,
            state=state,
            told_at=moment(day),
            **vals,
        )

    # -- what comes of it -----------------------------------------------------------

    def assertCommand(self, command, state, reason=None):
        """Check where a command is, and why."""
        self.assertEqual(
            (command.state, command.reason or None),
            (state, reason),
            f"{command.detail} {command.explanation}",
        )

    def read_books(self):
        """Return what is booked, without the days."""
        return [line.split(" ", 1)[-1] for line in self.books().splitlines()]

    def read_actions(self, record):
        """Return what the log says was done to a record, in order."""
        rows = self.env["saas.sync.log"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)],
            order="id",
        )
        return rows.mapped("action")


__all__ = [
    "LINK",
    "CollectingCommon",
    "at",
    "datetime",
    "needs_customer",
    "replace",
    "unclear",
]
