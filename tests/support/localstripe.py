"""localstripe, somebody else's make-believe of Stripe, beside a class of tests."""

import http.client
import json
import subprocess
import sys
import time

from .live import dev

#: A card that is charged without trouble.
CARD = {
    "type": "card",
    "card": {
        "number": "4242424242424242",
        "exp_month": 12,
        "exp_year": 2030,
        "cvc": "123",
    },
}


class LocalstripeMixin:
    """Runs localstripe as long as a class's tests run, and asks its API."""

    @classmethod
    def start_localstripe(cls):
        """Start it on a free port, ``cls.port``, and wait until it answers."""
        cls.port = dev("machine.ports").free()
        settings = dev("settings")
        folder = settings.ROOT / "dev" / "make_believe" / "stripe"
        log = settings.LOG / f"{cls.__name__}-{cls.port}-localstripe.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, folder / "localstripe_server.py", str(cls.port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)
        give_up = time.monotonic() + 20
        while True:
            try:
                return cls.call("GET", "/v1/events")
            except OSError:
                if process.poll() is not None or time.monotonic() > give_up:
                    raise AssertionError(log.read_text()) from None
                time.sleep(0.1)

    @classmethod
    def call(cls, method, path, **data):
        """Call localstripe's API; return what it answers."""
        link = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=20)
        try:
            headers = {"Authorization": "Bearer sk_test_12345"}
            link.request(method, path, json.dumps(data) if data else None, headers)
            response = link.getresponse()
            answer = response.read().decode()
        finally:
            link.close()
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {answer}")
        return json.loads(answer or "{}")

    @classmethod
    def create_plan(cls, product, interval, amount):
        """Create a plan in US dollars with an amount in cents; return its id."""
        return cls.call(
            "POST",
            "/v1/plans",
            product=product,
            amount=amount,
            currency="usd",
            interval=interval,
        )["id"]

    @classmethod
    def set_payment_method(cls, customer, method):
        """Let a customer pay by a new method from now on."""
        method = cls.call("POST", "/v1/payment_methods", **method)["id"]
        cls.call("POST", f"/v1/payment_methods/{method}/attach", customer=customer)
        cls.call(
            "POST",
            f"/v1/customers/{customer}",
            invoice_settings={"default_payment_method": method},
        )
