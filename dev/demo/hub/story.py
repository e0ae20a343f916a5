"""What happens in the month: in pence, at the platform and at GoCardless. Standard
library only. It is the same each time, so that everybody who plays it has the same ids.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ...make_believe.gocardless import simulators
from ...make_believe.gocardless.account import Account
from ..catalogue import MONTH, YEAR

SENDER = "https://billing.halyard.example"
VAT = 20
#: The platform's code for its tax rate.
VAT_CODE = "gb-standard"
CUSTOMERS = (
    ("C-1", "Pennant Analytics Ltd", 9900),
    ("C-2", "Quayside Retail plc", 49900),
    ("C-3", "Rudder Robotics Ltd", 9900),
    ("C-4", "Sextant Health LLP", 24900),
    ("C-5", "Topsail Media Ltd", 9900),
    ("C-6", "Underway Logistics plc", 49900),
)
_FEE, _FEE_VAT = Decimal(20), Decimal(4)
_START = datetime(YEAR, MONTH, 1, 8, tzinfo=UTC)


@dataclass
class Story:
    """Both sides of the month.

    ``events`` are the platform's, in the published form; ``account`` is GoCardless'.
    """

    account: Account = field(
        default_factory=lambda: Account(_START, lambda _amount: (_FEE, _FEE_VAT))
    )
    events: list = field(default_factory=list)
    net: int = 0
    vat: int = 0
    fees: Decimal = Decimal(0)
    fee_vat: Decimal = Decimal(0)

    @property
    def paid_out(self):
        """What GoCardless has sent to the bank, in pence."""
        return sum(p["amount"] for p in self.account.objects["payouts"].values())

    # -- the platform -----------------------------------------------------------

    def tell(self, event_type, data):
        """Have the platform tell something now."""
        number = len(self.events) + 1
        self.events.append(
            {
                "specversion": "1.0",
                "id": f"hub-{number}",
                "source": SENDER,
                "type": event_type,
                "time": _write(self.account.at),
                "dataschema": f"{SENDER}/saas/schema/{event_type}/1",
                "sequence": str(number),
                "data": data,
            }
        )

    def write_document(self, ref, net, sign):
        """Return what a document with one line says, and count it."""
        vat = net * VAT // 100
        self.net += sign * net
        self.vat += sign * vat
        tax = {"amount": vat, "rate": VAT_CODE, "percentage": str(VAT), "country": "GB"}
        return {
            "id": ref,
            "number": ref,
            "issued_at": _write(self.account.at),
            "currency": "GBP",
            "total": net + vat,
            "lines": [
                {"description": "Team plan", "product": "team", "net": net}
                | {"taxes": [{**tax, "name": "VAT", "taxable": net}]}
            ],
        }

    # -- GoCardless -------------------------------------------------------------

    def collect(self, mandate, invoice, amount):
        """Have GoCardless asked for an invoice's money; return the payment's id."""
        return self.account.add_payment(
            mandate, amount, metadata={"invoice_id": invoice}
        )

    def confirm(self, payment):
        """Collect a payment, some days later."""
        simulators.payment_submitted(self.account, payment)
        self.account.pass_days(1)
        self.account.set("payments", payment, "confirmed", "confirmed")
        self.account.owe_payment(payment)

    def pay_out(self):
        """Pay out what is due, and count what GoCardless keeps of it."""
        for item in self.account.due.get("GBP", []):
            if item["type"].endswith("_fee"):
                tax = sum(Decimal(tax["amount"]) for tax in item["taxes"])
                amount = Decimal(item["amount"])
                tax = tax.copy_sign(-amount)
                self.fees -= amount + tax
                self.fee_vat += tax
        self.account.pay_out()


def tell():
    """Let the month happen; return the :class:`Story`."""
    story = Story()
    account, invoices, payments, mandates = story.account, {}, {}, {}
    for ref, name, _net in CUSTOMERS:
        customer, mandates[ref] = account.add_customer(
            company_name=name, country_code="GB"
        )
        known = [{"system": "gocardless", "id": customer}]
        address = {"country": "GB", "city": "London"}
        data = {"id": ref, "name": name, "address": address, "also_known_as": known}
        story.tell("customer.upserted", data)
    account.pass_days(1)
    for number, (ref, name, net) in enumerate(CUSTOMERS, 1):
        invoice = story.write_document(f"HC-{number:04}", net, 1)
        invoices[ref] = invoice
        story.tell("invoice.issued", {**invoice, "customer": {"id": ref, "name": name}})
        payments[ref] = story.collect(mandates[ref], invoice["id"], invoice["total"])
    account.pass_days(3)
    _play(story, invoices, payments, mandates)
    return story


def _play(story, invoices, payments, mandates):
    """Let each customer's payment have its fate, and pay all of it out."""
    account = story.account
    for ref in ("C-1", "C-2", "C-4", "C-5", "C-6"):
        story.confirm(payments[ref])
    # The platform knows of some of the money, too: that is the same money.
    for ref in ("C-1", "C-2"):
        story.tell("payment.succeeded", _write_payment(story, ref, invoices, payments))
    simulators.payment_failed(account, payments["C-3"])
    story.pay_out()
    simulators.payment_resubmitted(account, payments["C-3"])
    story.confirm(payments["C-3"])
    # A debit that the bank takes back late, and a second one for the same invoice.
    simulators.payment_late_failure(account, payments["C-4"])
    again = story.collect(
        mandates["C-4"], invoices["C-4"]["id"], invoices["C-4"]["total"]
    )
    story.confirm(again)
    story.pay_out()
    # A customer who disputes, and is convinced.
    simulators.payment_charged_back(account, payments["C-5"])
    story.pay_out()
    simulators.payment_chargeback_cancelled(account, payments["C-5"])
    _give_back(story, invoices["C-6"], payments["C-6"])
    story.pay_out()


def _give_back(story, invoice, payment):
    """Credit a part of an invoice, and send the money back."""
    credit = story.write_document("HC-CN-1", 5000, -1)
    story.tell(
        "credit_note.issued",
        {
            **credit,
            "invoice": invoice["id"],
            "customer": "C-6",
            "outside": credit["total"],
        },
    )
    refund = story.account.add_refund(payment, credit["total"])
    story.account.get("refunds", refund)["metadata"] = {"credit_note_id": "HC-CN-1"}
    simulators.refund_paid(story.account, refund)


def _write_payment(story, ref, invoices, payments):
    invoice = invoices[ref]
    return {
        "id": f"PAY-{ref}",
        "customer": ref,
        "amount": invoice["total"],
        "currency": "GBP",
        "paid_at": _write(story.account.at - timedelta(hours=1)),
        "invoices": [{"id": invoice["id"]}],
        "gateway": {"system": "gocardless", "id": payments[ref]},
    }


def _write(moment):
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
