"""What the set-up and the story both know: companies, prices, tax rates, the month.

Standard library only: it is imported by the client and inside an Odoo shell.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from ..make_believe.stripe.products import Product, TaxRate

YEAR, MONTH, MONTH_NAME = 2026, 10, "October 2026"


def at(day, hour=9, minute=0):
    """Return a moment of the month, in UTC."""
    return datetime(YEAR, MONTH, day, hour, minute, tzinfo=UTC)


def later(day, hour=9, minute=0):
    """Return a moment of the month after, in UTC."""
    return datetime(YEAR, MONTH + 1, day, hour, minute, tzinfo=UTC)


@dataclass(frozen=True)
class Entity:
    """One legal entity, with one Stripe account.

    ``utc_offset`` is the hours that its time zone is ahead during (nearly all of) the
    month; moments near midnight are told only where that holds.
    """

    key: str
    company: str
    street: str
    city: str
    zip: str
    country: str
    currency: str
    tz: str
    utc_offset: int
    api_version: str
    #: Currencies that Stripe holds money in here; what is paid in others, it exchanges.
    held_in: tuple

    def price_id(self, product):
        return f"price_{self.key}_{product.key}_monthly"

    def product_id(self, product):
        return f"prod_{self.key}_{product.key}"


US = Entity(
    key="us",
    company="Halyard Cloud, Inc.",
    street="18 Wharf Street",
    city="Portland",
    zip="04101",
    country="US",
    currency="USD",
    tz="America/New_York",
    utc_offset=-4,
    api_version="2024-06-20",
    held_in=("USD",),
)
EU = Entity(
    key="eu",
    company="Halyard Cloud GmbH",
    street="Speicherstraße 7",
    city="Hamburg",
    zip="20457",
    country="DE",
    currency="EUR",
    tz="Europe/Berlin",
    utc_offset=2,
    api_version="2026-10-28.endive",
    held_in=("EUR", "GBP", "CHF"),
)
ENTITIES = (US, EU)

STARTER = Product("starter", "Starter plan", Decimal("29.00"))
TEAM = Product("team", "Team plan", Decimal("99.00"), mapped="product")
SCALE = Product("scale", "Scale plan", Decimal("499.00"))
SEAT = Product("seat", "Additional seat", Decimal("12.50"))
CALLS = Product(
    "calls",
    "API calls",
    Decimal("0.0019"),
    mapped="product",
    income="usage",
    metered=True,
)
ONBOARDING = Product("onboarding", "Onboarding workshop", Decimal("850.00"))
#: Nobody has told Odoo what this one is.
LEGACY = Product("legacy", "Legacy plan", Decimal("64.00"), mapped=None)
#: Stripe has it at the head of a document only.
SHIPPING = Product("shipping", "Shipping", Decimal("12.00"), mapped="head")
PRODUCTS = (STARTER, TEAM, SCALE, SEAT, CALLS, ONBOARDING, LEGACY, SHIPPING)

#: Income accounts of each company, by code.
INCOME_ACCOUNTS = {
    "subscription": ("410100", "Subscription revenue"),
    "usage": ("410200", "Usage revenue"),
}

#: More accounts of each company: code, name and type.
OTHER_ACCOUNTS = {
    "fee_tax": ("611900", "Tax on payment fees", "expense"),
    "key_accounts": ("121900", "Receivables of key accounts", "asset_receivable"),
}
#: The last day of the books that are closed, and the invoice that was entered there by
#: hand before: entity, contact, its number at Stripe, and its day.
CLOSED_UNTIL = {"us": date(YEAR, 8, 31)}
BY_HAND = ("us", "Linden Legacy Group", "LINDEN-0001", date(YEAR, 8, 28))

VAT = TaxRate("txr_eu_de19", "USt", Decimal(19), mapped=Decimal(19))
VAT_INCLUDED = TaxRate(
    "txr_eu_de19_incl", "USt", Decimal(19), inclusive=True, mapped=Decimal(19)
)
REVERSE_CHARGE = TaxRate(
    "txr_eu_reverse", "Reverse charge", Decimal(0), mapped=Decimal(0), country="AT"
)
#: Mapped by mistake: Odoo's tax would come to another amount.
VAT_REDUCED = TaxRate("txr_eu_de07", "USt", Decimal(7), mapped=Decimal(19))
#: Not mapped at all.
VAT_FRANCE = TaxRate("txr_eu_fr20", "TVA", Decimal(20), country="FR")
#: Taxes that the accountant has made already, in percent.
MORE_TAXES = {"eu": (Decimal(7), Decimal(20))}
#: Not mapped either; a rule says what any reverse charge is.
REVERSE_CHARGE_NL = TaxRate(
    "txr_eu_reverse_nl", "Reverse charge", Decimal(0), country="NL"
)
TAX_RATES = (
    VAT,
    VAT_INCLUDED,
    REVERSE_CHARGE,
    VAT_REDUCED,
    VAT_FRANCE,
    REVERSE_CHARGE_NL,
)

#: Units of a currency for one of the company's, from the given day of the month. The
#: franc is in use and has no rate.
RATES = {
    "us": {
        "EUR": ((1, "0.9250"), (16, "0.9185")),
        "JPY": ((1, "149.20"), (16, "151.85")),
    },
    "eu": {"GBP": ((1, "0.8612"), (16, "0.8705"))},
}
WITHOUT_RATE = "CHF"

#: What is noted at what the demonstration itself makes.
COMMENT = "Demonstration"

#: A VAT number that two contacts have: one of the two must be wrong.
KETTLE = "GB340712816"

#: Contacts that Odoo has before the first event: company, name, e-mail, VAT number.
#: Two of them are customers of the month; two others could both be the same one.
CONTACTS = (
    ("eu", "Bergmann Werkzeugbau GmbH", "office@bergmann.example", "DE811204568"),
    ("us", "Linden Legacy Group", "billing@linden.example", ""),
    ("us", "Copper Kettle (Boston)", "accounts@copperkettle.example", KETTLE),
    ("us", "Copper Kettle Catering", "accounts@copperkettle.example", KETTLE),
)


#: What Stripe makes of one unit of a currency that it doesn't hold, in dollars.
EXCHANGED_AT = {"EUR": Decimal("1.0712"), "JPY": Decimal("0.006603")}
#: What Stripe keeps of a charge: percent, and a fixed amount in the currency it holds.
CHARGE_FEES = {
    "USD": (Decimal("2.9"), Decimal("0.30")),
    "EUR": (Decimal("1.5"), Decimal("0.25")),
    "GBP": (Decimal("2.5"), Decimal("0.20")),
    "CHF": (Decimal("2.9"), Decimal("0.30")),
}
#: And of a dispute.
DISPUTE_FEES = {"USD": Decimal("15.00"), "EUR": Decimal("20.00")}
#: Stripe collects nothing below: the customer's balance takes it.
SMALLEST_CHARGE = {
    "USD": Decimal("0.50"),
    "EUR": Decimal("0.50"),
    "GBP": Decimal("0.30"),
    "CHF": Decimal("0.50"),
    "JPY": Decimal(50),
}
