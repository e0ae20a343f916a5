"""A platform that issues invoices and a gateway that takes the money for them, in one
company. Events hold plain facts, so a test says what is told, and not in whose words.
"""

from datetime import UTC, datetime
from itertools import count
from unittest.mock import patch

from odoo import Command

from ...canonical import facts
from ...pipeline import linking
from ..support.common import SaasCommon

_DAY = 86400
#: 2026-11-02, the first day of a story.
_FIRST = 1793577600


INVOICE = [
    "2026-11-02 out_invoice paid",
    "    AR +119.00",
    "    REV -100.00 {19% VAT}",
    "    TAX -19.00",
]
PAYMENT = [
    "2026-11-03 entry",
    "    AR -119.00",
    "    SC +119.00",
]
PAID = [*INVOICE, *PAYMENT]


def moment(day):
    """Return noon of a story's day."""
    return datetime.fromtimestamp(_FIRST + day * _DAY + _DAY // 2, UTC)


class TwoSourcesCommon(SaasCommon):
    """``gateway`` holds money, ``platform`` issues documents, each with a clearing of
    its own: ``SC`` and ``PC``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.source
        cls.gateway.account_ref = "gw-1"
        journal = cls._create_clearing_journal("Platform clearing", "PLT")
        cls.platform = cls._create_source(
            name="Platform",
            clearing_journal_id=journal.id,
            default_tax_id=cls.vat_19.id,
            bad_debt_account_id=cls.source.bad_debt_account_id.id,
            balance_account_id=cls.source.balance_account_id.id,
        )
        cls.accounts[journal.default_account_id] = "PC"
        cls.sources = cls.platform | cls.gateway
        # A customer whom both know is one contact.
        (cls.gateway | cls.platform).match_policy = "email"
        cls.told = {}
        adapter = type(cls.env["saas.adapter.stripe"])
        read = adapter._normalise

        def normalise(model, payload):
            """Return the facts that a test tells by an event."""
            told = cls.told.get(payload.get("id"))
            return read(model, payload) if told is None else told

        cls.startClassPatcher(patch.object(adapter, "_normalise", normalise))
        # All that a link frees is one page.
        cls.startClassPatcher(patch.object(linking, "_PAGE", 100000))
        cls.numbers = count(1)

    def link(self):
        """Link the gateway to the platform, and run the job that this enqueues."""
        self.gateway.issuer_ids = [Command.link(self.platform.id)]
        self.run_linking()

    def run_linking(self):
        self.gateway._job_process_linked()
        self.drain_all()

    def drain_all(self):
        """Drain all sources until nothing is due in any."""
        for _round in range(20):
            for source in self.sources:
                self.drain(source)
            if not any(source._has_due_events() for source in self.sources):
                return
        self.fail("they free each other for ever")

    def tell(self, source, *told, event_id=None):
        """Store and process an event that tells facts; drain what that frees."""
        event = self.deliver(self.make_event(*told, event_id=event_id), source=source)
        self.drain_all()
        return event

    def make_event(self, *told, event_id=None):
        """Return an event of facts, as it is stored."""
        event_id = event_id or f"evt_told{next(self.numbers)}"
        type(self).told[event_id] = list(told)
        return {
            "id": event_id,
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": _FIRST,
            "data": {"object": {"id": event_id, "object": "told"}},
            "livemode": False,
            "type": "test.told",
        }

    # -- facts ----------------------------------------------------------------

    def customer(self, ref="c_1", name="Northlight", email="books@northlight.example"):
        return facts.Customer(external_id=ref, customer=ref, name=name, email=email)

    def invoice(self, ref="in_1", net=10000, day=0, customer="c_1", **vals):
        tax = net * 19 // 100
        party = vals.pop("party", None) or facts.Customer(
            external_id=customer,
            customer=customer,
            name="Northlight",
            email="books@northlight.example",
            stub=True,
        )
        vals = {
            "state": "open",
            "version": f"{day:04d}:{vals.get('state', 'open')}",
            "number": f"N-{ref}",
            "issued_at": moment(0),
            **vals,
        }
        return facts.Invoice(
            external_id=ref,
            customer=customer,
            party=party,
            currency=vals.pop("currency", "USD"),
            exponent=2,
            total=net + tax,
            lines=(
                facts.DocumentLine(
                    external_id=f"line_{ref}",
                    description="Plan",
                    product="plan",
                    net=net,
                    taxes=(facts.TaxAmount(rate="txr_vat19", amount=tax, taxable=net),),
                ),
            ),
            **vals,
        )

    def payment(self, ref="ch_1", amount=11900, day=1, **vals):
        return facts.Payment(
            external_id=ref,
            amount=amount,
            paid_at=moment(day),
            currency=vals.pop("currency", "USD"),
            exponent=2,
            **vals,
        )

    def by_id(self, *refs, **vals):
        """Return the links to documents by their ids."""
        return tuple(facts.DocumentLink(by="id", value=ref, **vals) for ref in refs)

    def failure(self, ref="ch_1", amount=11900, day=5, **vals):
        return facts.PaymentFailure(
            external_id=ref,
            payment=vals.pop("payment", ref),
            amount=amount,
            failed_at=moment(day),
            currency="USD",
            exponent=2,
            **vals,
        )

    def refund(self, ref="re_1", payment="ch_1", amount=11900, day=6, **vals):
        return facts.Refund(
            external_id=ref,
            payment=payment,
            amount=amount,
            state=vals.pop("state", "succeeded"),
            left=True,
            refunded_at=moment(day),
            currency="USD",
            exponent=2,
            **vals,
        )

    def credit_note(self, ref="cn_1", invoice="in_1", net=10000, day=6, **vals):
        tax = net * 19 // 100
        return facts.CreditNote(
            external_id=ref,
            invoice=invoice,
            number=f"N-{ref}",
            state=vals.pop("state", "issued"),
            issued_at=moment(day),
            currency="USD",
            exponent=2,
            total=net + tax,
            lines=(
                facts.DocumentLine(
                    external_id=f"line_{invoice}",
                    net=net,
                    taxes=(facts.TaxAmount(rate="txr_vat19", amount=tax, taxable=net),),
                ),
            ),
            **vals,
        )


#: Open credit of nobody known: what it is called.
GUEST = "ch_1, Ada, ada@example.com -119.00"


class LinkedCommon(TwoSourcesCommon):
    """Reads what the books of both sources say."""

    def assertBooks(self, lines):
        self.assertEqual(self.books().splitlines(), lines)
        for source in (self.gateway, self.platform):
            self.assertWhole(source)

    def open_items(self):
        """Return what is open on receivables, by document or payment."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return sorted(
            f"{line.move_id.saas_external_id or line.move_id.ref} "
            f"{line.amount_residual_currency:+.2f}"
            for line in lines
        )


class PayingCommon(LinkedCommon):
    """The gateway is linked, and pays the first invoice unless it says otherwise."""

    def setUp(self):
        super().setUp()
        self.gateway.issuer_ids = [Command.link(self.platform.id)]

    def pay(self, **vals):
        vals.setdefault("document_links", self.by_id("in_1"))
        vals.setdefault("payer", facts.Payer(name="Ada", email="ada@example.com"))
        return self.tell(self.gateway, self.payment(**vals))
