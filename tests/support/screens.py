"""Events as people see them: on the form, in lists, and in exported files."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import openpyxl
from lxml import etree

from odoo import Command, http
from odoo.tests import new_test_user

MODEL = "saas.subscription.event"
#: Fields of an event that are no column of the list, but can be exported.
_EXPORTED = ("payload", "next_step", "customer_ref", "figures_html", "trace")
_CASE = ("is_open", "seen_at")
_LOG = ("action", "actor", "detail", "logged_at", "res_id", "res_model")


class ScreensMixin:
    """Reads events over HTTP as the web client does, for an HttpCase with a company."""

    def log_in(self):
        """Log in as somebody who may see all of an event, and export it."""
        groups = ("operator", "manager", "reviewer")
        new_test_user(
            self.env,
            "saas_reader",
            groups=",".join(
                [
                    "base.group_allow_export",
                    *(f"saas_billing_sync.group_saas_{name}" for name in groups),
                ]
            ),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate("saas_reader", "saas_reader")

    def call(self, method, *args, **kwargs):
        """Return the result of a method of events, called by the web client."""
        response = self.url_open(
            f"/web/dataset/call_kw/{MODEL}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": MODEL,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        answer = response.json()
        self.assertNotIn("error", answer)
        return answer["result"]

    def get_columns(self, view_type):
        """Return what the web client asks for, by the fields of a view."""
        fields = self.env[MODEL]._fields
        arch = etree.fromstring(self.env[MODEL].get_view(view_type=view_type)["arch"])
        names = {
            node.get("name")
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }
        columns = {}
        for name in names:
            columns[name] = {}
            if fields[name].type == "many2one":
                columns[name] = {"fields": {"display_name": {}}}
            elif fields[name].type == "one2many":
                there = self.env[fields[name].comodel_name]._fields
                shown = {key: {} for key in (*_LOG, *_CASE) if key in there}
                columns[name] = {"fields": shown}
        return columns

    def read_form(self, event):
        """Return the values of an event's form."""
        [values] = self.call("web_read", event.ids, self.get_columns("form"))
        return values

    def read_list(self, domain, limit=80):
        """Return the rows of the list, as read page by page."""
        rows, columns = [], self.get_columns("list")
        while True:
            page = self.call(
                "web_search_read", domain, columns, offset=len(rows), limit=limit
            )
            rows += page["records"]
            if len(rows) >= page["length"]:
                return rows

    def export(self, events, file_format):
        """Return the rows of an exported file, ``csv`` or ``xlsx``, without head."""
        names = [*self.get_columns("list"), *_EXPORTED]
        data = {
            "model": MODEL,
            "fields": [{"name": n, "label": n, "type": "char"} for n in names],
            "ids": events.ids,
            "domain": [],
            "import_compat": False,
        }
        response = self.url_open(
            f"/web/export/{file_format}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200, response.text[:500])
        if file_format == "csv":
            rows = list(csv.reader(io.StringIO(response.content.decode())))
        else:
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            rows = list(book.active.iter_rows(values_only=True))
            with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
                for part in parts.namelist():
                    ElementTree.fromstring(parts.read(part))
        return rows[1:]

    def assertReadable(self, events):
        """Check that each event can be opened, that all are listed, and exported."""
        self.env.flush_all()
        for event in events:
            values = self.read_form(event)
            self.assertEqual(values["external_id"], event.external_id)
            self.assertTrue(values["payload"])
        listed = {row["id"] for row in self.read_list([("id", "in", events.ids)])}
        self.assertEqual(listed, set(events.ids))
        for file_format in ("csv", "xlsx"):
            self.assertEqual(len(self.export(events, file_format)), len(events))
