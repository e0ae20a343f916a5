from collections import Counter
from decimal import Decimal

from odoo import models
from odoo.tools.misc import format_date, formatLang

from ..canonical.reasons import State

#: How much of each kind is shown; how much more there is, is said.
_MOST_ENTRIES, _MOST_ROWS = 20, 50


class SaasPreviewPage(models.AbstractModel):
    """Shows a preview to people, as an accountant reads journal entries."""

    _name = "saas.preview.page"
    _description = "SaaS page of a preview"

    def _render(self, result):
        """Return a preview as HTML.

        :param result: what ``saas.preview`` returned.
        """
        events = self._prepare_events(result["events"])
        entries = [self._prepare_entry(move) for move in result["moves"]]
        values = {
            "counts": self._count_states(result["events"]),
            "currency": result["currency"],
            "totals": self._prepare_totals(result["moves"]),
            "left": self._describe_left(result["left"]),
            "reconciliations": self._prepare_partials(result["reconciliations"]),
            "undone": self._prepare_partials(result["undone"]),
            "changed": [self._prepare_changed(each) for each in result["changed"]],
            "is_empty": not any(
                result[name] for name in result if name not in ("currency", "left")
            ),
            **{
                name: result[name]
                for name in "contacts tenants activities messages mails".split()
            },
            "jobs": [*Counter(job["name"] for job in result["jobs"]).items()],
        }
        values["events"], values["more_events"] = _cut(events, _MOST_ROWS)
        values["entries"], values["more_entries"] = _cut(entries, _MOST_ENTRIES)
        values["steps"], values["more_steps"] = _cut(result["steps"], _MOST_ROWS)
        return self.env["ir.qweb"]._render(
            "saas_billing_sync.saas_preview_page", values
        )

    def _prepare_events(self, events):
        """Return events as they are shown: first those that still wait."""
        states = dict(
            self.env["saas.subscription.event"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        order = [State.DEAD, State.QUARANTINED, State.PARKED, State.RECEIVED]
        colours = {
            State.DONE: "success",
            State.RECEIVED: "info",
            State.IGNORED: "secondary",
            State.DEAD: "danger",
        }
        return [
            {
                **event,
                "was_label": states.get(event["was"], ""),
                "colour": colours.get(event["state"], "warning"),
                "is_open": event["state"] in order,
            }
            for event in sorted(
                events,
                key=lambda event: (
                    order.index(event["state"]) if event["state"] in order else 9
                ),
            )
        ]

    def _count_states(self, events):
        """Return how many events end in each state, as texts by the states' words."""
        counts = {}
        for event in events:
            label = event["state_label"]
            counts[label] = counts.get(label, 0) + 1
        return counts

    def _prepare_entry(self, move):
        return {
            **move,
            "number": move["number"] or self.env._("Draft"),
            "date": format_date(self.env, move["date"]),
            "due": move["due"] and format_date(self.env, move["due"]),
            "lines": [
                {
                    **line,
                    "debit": self._format(line["debit"]),
                    "credit": self._format(line["credit"]),
                    "amount": line["is_foreign"]
                    and f"{self._format(line['amount'], False)} {line['currency']}",
                    "label": line["label"] if line["label"] != move["number"] else "",
                    "partner": line["partner"]
                    if line["partner"] != move["partner"]
                    else "",
                }
                for line in move["lines"]
            ],
        }

    def _prepare_totals(self, moves):
        """Return the sums of all entries by account, where there are several."""
        if len(moves) < 2:
            return []
        sums = {}
        for line in (line for move in moves for line in move["lines"]):
            debit, credit = sums.get(line["account"], (Decimal(0), Decimal(0)))
            sums[line["account"]] = (
                debit + Decimal(line["debit"]),
                credit + Decimal(line["credit"]),
            )
        return [
            {
                "account": account,
                "debit": self._format(str(debit)),
                "credit": self._format(str(credit)),
            }
            for account, (debit, credit) in sorted(sums.items())
        ]

    def _prepare_partials(self, partials):
        return [
            {**each, "amount": self._format(each["amount"], False)} for each in partials
        ]

    def _prepare_changed(self, changed):
        """Return what changes of a document that is there."""
        before, after = changed["before"], changed["after"]
        return {
            "number": after["number"],
            "partner": after["partner"],
            "states": _show_change(before["state"], after["state"]),
            "open": _show_change(
                *(
                    f"{self._format(each['open'], False)} {each['currency']}"
                    for each in (before, after)
                )
            ),
        }

    def _describe_left(self, left):
        """Return the sentences that say what was not looked at."""
        told = []
        if left["chosen"]:
            told.append(
                self.env._(
                    "%s more of the selected events are left out of this preview.",
                    left["chosen"],
                )
            )
        if left["freed"]:
            told.append(
                self.env._(
                    "%s more events would be processed next, and are left out of this "
                    "preview.",
                    left["freed"],
                )
            )
        return told

    def _format(self, text, is_zero_hidden=True):
        """Return an amount as the user's language writes it."""
        if is_zero_hidden and not Decimal(text):
            return ""
        places = len(text.partition(".")[2])
        return formatLang(self.env, float(text), digits=places)


def _cut(values, most):
    """Return the first values, and how many more there are."""
    return values[:most], max(0, len(values) - most)


def _show_change(before, after):
    return before if before == after else f"{before} → {after}"
