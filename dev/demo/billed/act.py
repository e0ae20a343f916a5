"""Plays the story: the product tells, a person has it billed, and the gateways collect,
month by month.
"""

import random
import time
from datetime import timedelta

from ...console import Trouble
from ...make_believe.standard.webhooks import make_requests
from ..hub.act import ADDRESS_PARAMETER
from ..send import post
from . import telling, usage
from .closing import Closing
from .customers import CUSTOMERS, RUNS
from .gocardless_gateway import GoCardlessGateway
from .reading import Reader
from .stripe_gateway import StripeGateway

#: How long a billing run may take, in seconds.
_PATIENCE = 120
#: How long to pause between two looks: most of the time there is little to do.
_PAUSE = 0.2
#: A page to pay on is open for a day.
_SOON, _LATER = timedelta(hours=20), timedelta(days=12)


class Billed:
    """The company, its product and its gateways.

    :param api: the external API, as an administrator; ``desk``: as who answers for the
        books.
    :param url: the server's address; ``stripe`` and ``gocardless``: those of what
        stands for the gateways.
    :param access: what the set-up has left.
    """

    def __init__(self, api, desk, url, access, stripe, gocardless):
        self.api, self.desk, self.url, self.access = api, desk, url, access
        self.gocardless = gocardless
        self.gateways = {
            "stripe": StripeGateway(url, stripe, access["stripe"]),
            "gocardless": GoCardlessGateway(url, gocardless, access["gocardless"]),
        }
        self.reader = Reader(desk, access)
        self.closing = Closing(self._call, api, self.reader)
        self.records = usage.tell()
        self.chance = random.Random(12)

    @property
    def steps(self):
        """Return how many steps the story has."""
        return len(RUNS)

    def play(self, progress):
        """Let all of it happen.

        :param progress: a function that is told how many steps are done.
        """
        ids = {c.ref: self._get_gateway(c.ref).get_customer(c.ref) for c in CUSTOMERS}
        told = telling.split(telling.tell(ids))
        used = telling.split(telling.tell_usage(self.records))
        for number, (moment, changes, records) in enumerate(
            zip(RUNS, told, used, strict=True)
        ):
            self._tell(changes, records)
            if not number:
                self._connect()
                self._choose_who_bills()
            fates = {c.ref: c.fates[number] for c in CUSTOMERS if number in c.fates}
            self._prepare_gateways(moment, fates)
            self._bill(moment)
            self._collect(moment + _SOON, fates, is_last=moment == RUNS[-1])
            progress(number + 1)
        self.closing.play()

    def _connect(self):
        """Give Odoo the keys to use the gateways, which tell of the customers, too."""
        self.api.call(
            "ir.config_parameter",
            "set_param",
            key=ADDRESS_PARAMETER,
            value=self.gocardless,
        )
        context = {"allowed_company_ids": [self.access["company"]]}
        for system, gateway in self.gateways.items():
            self.api.call(
                "saas.source",
                "write",
                ids=[self.access[system]["id"]],
                vals={"new_api_key": gateway.open()},
                context=context,
            )
        self._wait()

    def _tell(self, changes, records):
        """Send what the product tells: usage first, so that some of it waits, changes
        in any order, and one request twice.
        """
        product = self.access["product"]
        self.chance.shuffle(changes)
        for events in (records, changes, records[:40]):
            post(self.url, product, make_requests(events, product["secret"]))
        self._wait()

    def _choose_who_bills(self):
        """Say of each tenant that Odoo bills it and which gateway collects, as a person
        does once.
        """
        for customer in CUSTOMERS:
            self._call(
                "saas.tenant",
                "write",
                ids=[self.reader.get_tenant(customer.ref)],
                vals={
                    "billing_policy": "odoo",
                    "amendment_policy": customer.policy,
                    "collection_source_id": self.access[customer.gateway]["id"],
                    # Nobody has set up a server for mails here.
                    "send_invoice": "no",
                },
            )

    def _prepare_gateways(self, moment, fates):
        for gateway in self.gateways.values():
            gateway.set_clock(moment)
            gateway.expect(fates)

    def _bill(self, moment):
        """Begin a billing run of what is due by a moment, and wait until it is done and
        the gateways are asked for the money.
        """
        vals = {
            "company_id": self.access["company"],
            "cutoff": f"{moment:%Y-%m-%d %H:%M:%S}",
            "invoice_date": str(moment.date()),
        }
        [run] = self._call("saas.billing.run", "create", vals_list=[vals])
        self._call("saas.billing.run", "action_start", ids=[run])
        give_up = time.monotonic() + _PATIENCE
        while True:
            [row] = self._call(
                "saas.billing.run", "read", ids=[run], fields=["state", "last_error"]
            )
            if row["state"] == "done":
                break
            if row["state"] != "running" or time.monotonic() > give_up:
                raise Trouble(f"A billing run ended as {row}.")
            time.sleep(_PAUSE)
        self._wait()

    def _collect(self, moment, fates, is_last):
        """Let the money have its fate, and have what has failed collected once more.
        After the last run the debits are still on their way.
        """
        self._give_back(moment)
        self._settle(moment, fates, ["stripe"] if is_last else self.gateways)
        # What is told next does not depend on that money, so it need not be booked.
        if fates or is_last:
            self._wait()
        if fates:
            idle = {c.ref for c in CUSTOMERS if c.never_pays}
            for invoice in self.reader.list_open("out_invoice"):
                if invoice.customer not in idle:
                    self._collect_again(invoice)
            self._wait()
            self._settle(moment + _LATER, {}, self.gateways)

    def _give_back(self, moment):
        """Give back what is left of a credit to who has left: there is no next invoice
        that it could pay.
        """
        left = self._list_left(moment)
        for note in self.reader.list_open("out_refund"):
            if note.customer in left:
                names = {"credit_note_id": note.ref}
                cents = int(note.rest.scaleb(2))
                gateway = self._get_gateway(note.customer)
                gateway.give_back(moment, note.customer, cents, names)

    def _settle(self, moment, fates, systems):
        links = self.reader.list_links()
        for system in systems:
            self.gateways[system].settle(moment, fates, links)
        for gateway in self.gateways.values():
            gateway.send()

    def _collect_again(self, invoice):
        """Press Collect on an invoice that is open, and confirm."""
        action = self._call("account.move", "action_collect_saas", ids=[invoice.id])
        self.desk.fill_in(action, "action_start", company=self.access["company"])

    def _get_gateway(self, ref):
        [customer] = [c for c in CUSTOMERS if c.ref == ref]
        return self.gateways[customer.gateway]

    def _list_left(self, moment):
        return {
            customer.ref
            for customer in CUSTOMERS
            for deed in customer.deeds
            if deed.kind == "canceled" and deed.moment < moment
        }

    def _wait(self):
        if self.api.wait_until_processed(lambda _done: None, pause=_PAUSE):
            raise Trouble("Some events are still not processed.")

    def _call(self, model, method, **arguments):
        """Call a method as the person who answers for the books."""
        return self.desk.call(
            model, method, company=self.access["company"], **arguments
        )
