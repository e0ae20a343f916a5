"""People: a session with a server, a user of a company, and a browser."""

import http.client
import json
import shutil
from concurrent.futures import Future
from unittest import SkipTest
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user
from odoo.tests.common import ChromeBrowser, ChromeBrowserException

#: Takes leave of a page: no tour there hears of it.
_LEAVE = """
    sessionStorage.clear();
    const hush = (event) => event.stopImmediatePropagation();
    window.addEventListener("beforeunload", hush, true);
"""
#: What a browser keeps of a page for the next visit. The web client shows a list from
#: there until the server has answered, and a row that a tour's end has undone is none
#: that the next tour may click.
_KEPT = "indexeddb,local_storage"
_SHOWN = "document.body.innerText.slice(0, 1500)"
_BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


class Session:
    """A person's session with a server: what the web client sends."""

    def __init__(self, server, login, password):
        self._server = server
        self._cookie = ""
        database = server.database
        self._send(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def call(self, model, method, *args, **kwargs):
        """Call a model's method; return its result."""
        return self._send(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def add(self, model, **vals):
        """Create a record; return its id."""
        [record_id] = self.call(model, "create", [vals])
        return record_id

    def find(self, model, **equal):
        """Return the id of the one record with these values."""
        domain = [(name, "=", value) for name, value in equal.items()]
        [record_id] = self.call(model, "search", domain)
        return record_id

    def try_call(self, model, method, *args, **kwargs):
        """Call a model's method; return the whole answer, as the text it came as."""
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _send(self, path, **params):
        answer = json.loads(self._post(path, params))
        if "error" in answer:
            raise AssertionError(answer["error"]["data"]["debug"])
        return answer["result"]

    def _post(self, path, params):
        link = http.client.HTTPConnection("127.0.0.1", self._server.http_port, 60)
        try:
            body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
            headers = {"Content-Type": "application/json", "Cookie": self._cookie}
            link.request("POST", path, body, headers)
            response = link.getresponse()
            answer = response.read().decode()
        finally:
            link.close()
        if cookie := response.headers["Set-Cookie"]:
            self._cookie = cookie.partition(";")[0]
        return answer


def create_person(test, login, *roles):
    """Return a new user of a test's company.

    :param test: a :class:`~.common.SaasCommon`, or its class.
    :param roles: roles of this addon, and other groups by their whole XML ids.
    """
    groups = (
        role if "." in role else f"saas_billing_sync.group_saas_{role}"
        for role in roles
    )
    return new_test_user(
        test.env,
        login,
        groups=",".join(groups),
        company_id=test.company.id,
        company_ids=[Command.set(test.company.ids)],
    )


class BrowserMixin:
    """For an HttpCase in a real browser: it is skipped where there is none. One that is
    there and doesn't start is a failure, which Odoo would skip as well.
    """

    @classmethod
    def setUpClass(cls):
        if not any(map(shutil.which, _BROWSERS)):
            raise SkipTest("there is no Chromium: sudo apt-get install chromium")
        super().setUpClass()

    def browser_js(self, *args, **kwargs):
        try:
            return super().browser_js(*args, **kwargs)
        except SkipTest as reason:
            self.fail(str(reason))


class _KeptChrome(ChromeBrowser):
    """A browser that plays one tour after another, each on a page of its own. A warning
    of the page is a failure, as an error is.
    """

    is_up = False

    def stop(self):
        """Leave the page as the next tour has to find it; end what never started."""
        if not self.is_up:
            super().stop()
            return
        self._evaluate(_LEAVE)
        self.navigate_to("about:blank")
        origin = {"origin": self.test_case.base_url(), "storageTypes": _KEPT}
        self._websocket_request("Storage.clearDataForOrigin", params=origin)
        self._result = Future()
        self.had_failure = False

    def end(self):
        """End the browser."""
        self.is_up = False
        self.stop()

    def _evaluate(self, expression):
        params = {"expression": expression, "returnByValue": True}
        answer = self._websocket_request("Runtime.evaluate", params=params)
        return answer["result"].get("value")

    def _wait_code_ok(self, *args, **kwargs):
        try:
            return super()._wait_code_ok(*args, **kwargs)
        except ChromeBrowserException as error:
            shown = self._evaluate(_SHOWN)
            raise ChromeBrowserException(f"{error}\n\nShown:\n{shown}") from None

    def _handle_console(self, **message):
        if message["type"] == "warning":
            message["type"] = "error"
        return super()._handle_console(**message)


class OneBrowserMixin(BrowserMixin):
    """For a test that plays many tours. One browser plays them all: to start one takes
    longer than most tours.
    """

    def setUp(self):
        super().setUp()
        self._chrome = None

    def browser_js(self, *args, **kwargs):
        with patch("odoo.tests.common.ChromeBrowser", self._keep_chrome):
            return super().browser_js(*args, **kwargs)

    def _keep_chrome(self, _test, **options):
        if not self._chrome:
            self._chrome = _KeptChrome(self, **options)
            self._chrome.is_up = True
            self.addCleanup(self._chrome.end)
        return self._chrome
