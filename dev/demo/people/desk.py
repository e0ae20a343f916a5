"""What a person sees and presses in Odoo: menus, lists and buttons, called through the
external API as that person.
"""

import ast
import json
import time
from dataclasses import dataclass
from xml.etree import ElementTree

import requests

from ...console import Trouble
from ..api import EVENT, Api

#: What Odoo says when others work on the same records, how often a person then tries
#: again, and after how many seconds.
BUSY, TRIES, PAUSE = "Try again in a", 10, 3

#: What a person reads of an event that waits.
SEEN = [
    "external_id",
    "event_type",
    "state",
    "reason",
    "actor",
    "next_step",
    "may_choose_customer",
    "customer_ref",
    "source_id",
    "company_id",
]


@dataclass
class People:
    """The three of them, and who acts for a role that a next step names."""

    finance: "Desk"
    billing: "Desk"
    signing: "Desk"

    def get(self, role):
        """Return the person who has a role: ``reviewer``, ``manager``, ``operator``."""
        return self.finance if role == "reviewer" else self.billing


class Desk:
    """One person at work. In: the server's address and database, and the person's
    login and key.
    """

    def __init__(self, url, db, login, key):
        self.login = login
        self._api = Api(url, key)
        self._web = self._log_in(db)
        self._companies = sorted(
            company["id"]
            for company in self._api.call(
                "res.company", "search_read", domain=[], fields=["id"]
            )
        )

    def call(self, model, method, company=None, context=None, **arguments):
        """Return what a method returns, called as this person; for one company where
        it is given, else with all in the switch.
        """
        others = [other for other in self._companies if other != company]
        allowed = [company, *others] if company else self._companies
        context = {**(context or {}), "allowed_company_ids": allowed}
        for _try in range(TRIES):
            try:
                return self._api.call(model, method, context=context, **arguments)
            except Trouble as trouble:
                if BUSY not in str(trouble):
                    raise
                busy = trouble
                time.sleep(PAUSE)
        raise busy

    def count_on_screen(self, *path):
        """Return how many rows a menu shows at first, with the filters that it sets.

        In: the names of the menus on the way, below the app's.
        """
        model, domain = self._open_menu("SaaS Billing", *path)
        return self.call(model, "search_count", domain=domain)

    def list_waiting(self):
        """Return all that waits, also what goes on by itself."""
        path = ("SaaS Billing", "Events", "Waiting Events")
        model, domain = self._open_menu(*path, filtered=False)
        return self.call(
            model, "search_read", domain=domain, fields=SEEN, order="id asc"
        )

    def press(self, button, event, model=EVENT):
        """Press a button of a record; return what it opens."""
        return self.call(
            model, button, company=event["company_id"][0], ids=[event["id"]]
        )

    def fill_in(self, action, button="action_apply", company=None, **values):
        """Fill in the form that a button has opened, save it, and press a button of it
        if there is one.
        """
        model = action["res_model"]
        [record] = self.call(
            model,
            "create",
            company=company,
            context=action["context"],
            vals_list=[values],
        )
        if button:
            self.call(model, button, company=company, ids=[record])

    def change(self, company, model, operation, ids, **values):
        """Change records that somebody else may have to sign: by the form that a person
        comes to, which does it at once where nobody has to.
        """
        action = {"res_model": "saas.change.propose", "context": {}}
        self.fill_in(
            action,
            company=company,
            model=model,
            operation=operation,
            record_ids=json.dumps(ids),
            change=json.dumps(values),
            note="Demonstration",
        )

    def find(self, model, *domain):
        """Return the id of the one record that fulfils a domain."""
        found = self.call(model, "search", domain=list(domain))
        if len(found) != 1:
            raise Trouble(f"{len(found)} records of {model} fulfil {domain}.")
        return found[0]

    def _open_menu(self, *path, filtered=True):
        """Return a menu's model and domain, as the web client works it out."""
        menu = False
        for name in path:
            menu = self.find(
                "ir.ui.menu", ["name", "=", name], ["parent_id", "=", menu]
            )
        [row] = self.call("ir.ui.menu", "read", ids=[menu], fields=["action"])
        action = self._load_action(int(row["action"].partition(",")[2]))
        domain = ast.literal_eval(action["domain"] or "[]")
        if filtered:
            domain = [*domain, *self._read_filters(action)]
        return action["res_model"], domain

    def _load_action(self, action):
        """Return an action as the web client gets it; the external API gives none."""
        answer = self._web.post(
            f"{self._api.url}/web/action/load",
            json={"params": {"action_id": action}},
            timeout=60,
        )
        return answer.json()["result"]

    def _log_in(self, db):
        """Open a session in the web client."""
        web = requests.Session()
        web.trust_env = False
        params = {"db": db, "login": self.login, "password": self.login}
        web.post(
            f"{self._api.url}/web/session/authenticate",
            json={"params": params},
            timeout=60,
        ).raise_for_status()
        return web

    def _read_filters(self, action):
        """Return the domain of the filters that an action sets at first."""
        context = action["context"] or "{}"
        if isinstance(context, str):
            context = ast.literal_eval(" ".join(context.split()))
        names = {name.removeprefix("search_default_") for name in context}
        view = action["search_view_id"]
        views = self.call(
            action["res_model"],
            "get_views",
            views=[[view[0] if view else False, "search"]],
        )
        arch = ElementTree.fromstring(views["views"]["search"]["arch"])
        domains = [
            ast.literal_eval(node.get("domain"))
            for node in arch.iter("filter")
            if node.get("name") in names and node.get("domain")
        ]
        return [term for domain in domains for term in domain]
