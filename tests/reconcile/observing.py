"""A month that a source tells while people book it by hand, with five differences."""

from datetime import date

from odoo import SUPERUSER_ID, Command
from odoo.tools import SQL

from ..standard.common import StandardCommon, write_event
from ..support.session import create_person

DAY = "2026-11-15"
_VAT = {"A": "DE811907980", "B": "DE129273398"}
#: By number: whose invoice it is, and its day in November 2026.
INVOICES = {
    **{1: ("A", 2), 2: ("B", 3), 3: ("A", 4), 4: ("B", 5), 5: ("A", 6)},
    **{6: ("B", 7), 7: ("B", 8), 8: ("A", 9), 9: ("A", 17), 10: ("B", 18)},
}
#: The days on which they are paid.
PAYMENTS = {1: 4, 2: 5, 6: 9, 8: 16, 9: 19, 10: 20}


def tell_customer(word):
    """Return the event of a customer."""
    data = {"id": f"C-{word}", "name": f"Customer {word}", "currency": "USD"}
    data["vat_numbers"] = [_VAT[word]]
    return write_event("customer.upserted", data, "1", id=f"cus-{word}", time=_at(1))


def tell_invoice(number, /, **changes):
    """Return the event of an invoice of 100.00 and its tax."""
    word, day = INVOICES[number]
    data = {
        "id": f"I-{number}",
        "number": f"2026-{number:04d}",
        "customer": {"id": f"C-{word}", "name": f"Customer {word}"},
        "issued_at": _at(day),
        "due_at": _at(28),
        "currency": "USD",
        "total": 11900,
        "lines": [
            {
                "id": f"L-{number}",
                "description": "A month",
                "product": "team",
                "net": 10000,
                "taxes": [{"rate": "vat19", "percentage": "19", "amount": 1900}],
            }
        ],
        **changes,
    }
    kind = "voided" if "voided_at" in changes else "issued"
    return write_event(
        f"invoice.{kind}",
        data,
        "1",
        id=f"inv-{number}-{kind}",
        time=changes.get("voided_at", _at(day)),
    )


def tell_payment(number):
    """Return the event of the payment of an invoice."""
    word, _day = INVOICES[number]
    data = {
        "id": f"P-{number}",
        "customer": f"C-{word}",
        "amount": 11900,
        "currency": "USD",
        "paid_at": _at(PAYMENTS[number]),
        "invoices": [{"id": f"I-{number}"}],
    }
    return write_event(
        "payment.succeeded", data, "1", id=f"pay-{number}", time=data["paid_at"]
    )


def tell_refund(number):
    """Return the event that a part of a payment was given back on the 24th."""
    data = {
        "id": f"R-{number}",
        "payment": f"P-{number}",
        "amount": 2000,
        "currency": "USD",
        "refunded_at": _at(24),
    }
    return write_event(
        "refund.succeeded", data, "1", id=f"ref-{number}", time=data["refunded_at"]
    )


def _at(day):
    return f"2026-11-{day:02d}T09:30:00Z"


def tell_month():
    """Return all that the source tells of the month, but for its customers."""
    events = [tell_invoice(number) for number in INVOICES]
    return events + [tell_payment(number) for number in PAYMENTS]


class ObservingCommon(StandardCommon):
    """A source that observes documents and payments, and people of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A manager proposes to switch an area on, and an approver signs it.
        cls.company.sudo().saas_four_eyes = "from_amount"
        cls.users = {
            role: create_person(cls, f"observing_{role}", role)
            for role in ("operator", "manager", "reviewer", "approver", "user")
        }
        cls.vat_7 = cls._create_vat(7)
        cls.runs = cls.env["saas.observation.run"]
        cls.observations = cls.env["saas.observation"]

    def setUp(self):
        super().setUp()
        self.tell(tell_customer("A"), tell_customer("B"))
        self.partners = {
            word: self.env["saas.tenant"]
            ._find(self.source, [f"C-{word}"])[f"C-{word}"]
            .partner_id
            for word in _VAT
        }

    # -- what people do -------------------------------------------------------------

    def as_user(self, role, model):
        return self.env[model].with_user(self.users[role]).sudo(False)

    def set_stages(self, role="manager", **stages):
        """Change stages on the wizard."""
        wizard = (
            self.as_user(role, "saas.stage.change")
            .with_context(default_source_id=self.source.id)
            .create({"since": "2026-11-01", "note": "We watch November.", **stages})
        )
        wizard.action_apply()

    def observe(self):
        """Set what books to observe."""
        self.set_stages(documents="observe", payments="observe", clearing="observe")

    def switch(self, area, role="manager", **vals):
        """Propose to switch an area on, sign it, and let the jobs do it."""
        run = self.start_switch(area, role, **vals)
        self.run_jobs(run)
        return run

    def start_switch(self, area, role="manager", **vals):
        """Propose to switch an area on, and sign it; return the run."""
        self.propose_switch(area, role, **vals)
        waiting = self.env["saas.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.users["approver"]).action_approve()
        return self.runs.search([], order="id desc", limit=1)

    def propose_switch(self, area, role="manager", **vals):
        """Fill in the form that switches an area on, and apply it."""
        told = {"source_id": self.source.id, "area": area, "day": DAY}
        vals = {**told, "note": "November agrees.", **vals}
        wizard = self.as_user(role, "saas.switch.on").create(vals)
        return wizard.action_apply()

    def decide(self, decision="same", role="reviewer", **objects):
        """Decide about objects by kind and external id."""
        rows = self.observations.browse()
        for kind, ids in objects.items():
            rows |= self.observations.search(
                [("kind", "=", kind), ("external_id", "in", ids)]
            )
        action = getattr(
            rows.with_user(self.users[role]).sudo(False), f"action_{decision}"
        )()
        self.as_user(role, action["res_model"]).with_context(
            **action["context"]
        ).create({"note": "Checked."}).action_apply()

    def night(self):
        """Let a night go by: the schedule starts, and the jobs run."""
        self.env["saas.observing"].with_user(SUPERUSER_ID)._cron_observe()
        run = self.runs.search([], order="id desc", limit=1)
        self.run_jobs(run)
        return run

    def run_jobs(self, run):
        """Run the jobs of a run, each with an empty cache, and drain between them."""
        observing = self.env["saas.observing"].with_user(SUPERUSER_ID)
        for _round in range(200):
            self.env.flush_all()
            self.env.invalidate_all()
            if run.state != "running":
                self.drain()
                return
            with self.enter_registry_test_mode():
                observing._job_step(run.id, run.step)
            self.drain()
        self.fail("the run does not end")

    # -- what is booked by hand -------------------------------------------------------

    def enter_invoice(
        self, number=None, word="A", day=2, price=100, tax=None, ref=None
    ):
        """Book an invoice by hand."""
        if number:
            word, day = INVOICES[number]
            ref = f"2026-{number:04d}"
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partners[word].id,
                "invoice_date": date(2026, 11, day),
                "journal_id": self.company_data["default_journal_sale"].id,
                "ref": ref,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": price,
                            "tax_ids": [Command.set((tax or self.vat_19).ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def enter_payment(self, number, pays=None, day=None, memo=None):
        """Book a payment by hand, for an invoice."""
        methods = self.clearing_journal.inbound_payment_method_line_ids
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partners[INVOICES[number][0]].id,
                "amount": 119,
                "date": date(2026, 11, day or PAYMENTS[number]),
                "journal_id": self.clearing_journal.id,
                "memo": memo or f"P-{number}",
                "payment_method_line_id": methods.filtered("payment_account_id")[:1].id,
            }
        )
        payment.action_post()
        if pays:
            lines = (payment.move_id | pays).line_ids
            lines.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()
        return payment

    def enter_month(self):
        """Book the month by hand, with five differences: an amount, a tax, a missing
        invoice, one too many, and a payment of another invoice on another day. The last
        invoice and its payment nobody has booked yet.
        """
        enter = self.enter_invoice
        booked = {n: enter(n) for n in (1, 2, 6, 7, 8, 9)}
        booked[3] = self.enter_invoice(3, price=110)
        booked[4] = self.enter_invoice(4, tax=self.vat_7)
        booked["extra"] = self.enter_invoice(word="B", day=10, ref="2026-0099")
        for number in (1, 2, 8, 9):
            booked[f"P{number}"] = self.enter_payment(number, booked[number])
        booked["P6"] = self.enter_payment(6, booked[7], day=10)
        self.env.flush_all()
        return booked

    # -- what is found -----------------------------------------------------------------

    def found(self):
        """Return what was found, by kind and id: result, rule and what differs."""
        return {
            (row.kind, row.external_id if row.event_id else row.number): (
                row.result,
                row.rule or "",
                row.differs or "",
            )
            for row in self.observations.search([("source_id", "=", self.source.id)])
        }

    def count_books(self):
        """Return how many rows each table of accounting has, and what customers are."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name FROM information_schema.tables
               WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
                 AND (table_name LIKE 'account%' OR table_name IN
                      ('res_partner', 'saas_tenant', 'saas_binding', 'mail_activity'))
               ORDER BY 1"""
        )
        counts = {}
        for (name,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(name)))
            [counts[name]] = self.env.cr.fetchone()
        return counts
