from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...canonical.reasons import STOPPED_STATES, Reason
from ...canonical.review.causes import is_about


class SaasException(models.Model):
    """Frees the events of cases that a person has settled, by whatever screen."""

    _inherit = "saas.exception"

    @api.model
    def _find_open(self, domain, reasons, external_ids=None):
        """Return the open cases for some reasons, of any source that ``domain`` allows.

        :param external_ids: what one of must be what a case is about; None: any.
        """
        wanted = Domain(domain) & Domain("state", "=", "open")
        wanted &= Domain("reason", "in", [Reason(reason).value for reason in reasons])
        cases = self.sudo().search(wanted)
        if external_ids is None:
            return cases
        return cases.filtered(
            lambda case: any(is_about(case.cause_key, ref) for ref in external_ids)
        )

    def _get_events(self):
        """Return the events that wait for these cases, in states from which a person
        may send them back.
        """
        links = self.env["saas.exception.event"].sudo()
        found = links.search([("case_id", "in", self.ids), ("is_open", "=", True)])
        return found.event_id.filtered(lambda event: event.state in STOPPED_STATES)

    def _settle(self):
        """Note that what these cases are about is settled: they are closed, and the
        events that wait for nothing else a person has to settle go on.

        :return: the events of these cases, those that go on in their new state.
        """
        cases = self.sudo().filtered(lambda case: case.state == "open")
        if not cases:
            return self.env["saas.subscription.event"]
        rows = self.env.execute_query(
            SQL(
                """UPDATE saas_exception_event SET is_open = false
                    WHERE is_open AND case_id = ANY(%s) RETURNING event_id""",
                cases.ids,
            )
        )
        self.env["saas.exception.event"].invalidate_model()
        events = self.env["saas.subscription.event"].sudo()
        events = events.browse(sorted({event_id for (event_id,) in rows}))
        waiting = events.filtered(lambda event: event.state in STOPPED_STATES)
        left = cases._get_left(waiting)
        free = waiting.filtered(
            lambda event: all(case.reason != event.reason for case in left[event])
        )
        for event in waiting - free:
            event.detail = " ".join(left[event].mapped("cause_label"))
        free._send_back(self.env._("A person settled it."))
        cases._refresh()
        free.source_id._enqueue_drain()
        return events.sudo(False)

    def _get_left(self, events):
        """Return by event the open cases that it still waits for."""
        links = self.env["saas.exception.event"].sudo()
        found = links.search([("event_id", "in", events.ids), ("is_open", "=", True)])
        left = {event: self.sudo().browse() for event in events}
        for link in found:
            left[link.event_id] |= link.case_id
        return left

    @api.model
    def _free_set_up(self, sources, names):
        """Free what waits for fields of the set-up that are filled by now: those that
        name them at once, and what may be booked otherwise now.
        """
        names = {_ALSO.get(name, name) for name in names} & _get_set_up(sources)
        events = self.env["saas.subscription.event"]
        if not names or not sources:
            return events
        own = [("source_id", "in", sources.ids)]
        cases = self._find_open(own, [Reason.INCOMPLETE_SETUP], names)
        if "default_product_id" in names:
            cases |= self._find_open(own, [Reason.UNMAPPED_PRODUCT])
        events |= cases.filtered(lambda case: case._is_filled())._settle()
        if "default_tax_id" in names:
            cases = self._find_open(own, [Reason.UNMAPPED_TAX])
            events |= cases.filtered("source_id.default_tax_id")._try_again()
        if "new_api_key" in names:
            events |= self._find_open(own, [Reason.SOURCE_REFUSED])._try_again()
        return events

    def _is_filled(self):
        """Return whether the source has what a case asks for. What is pasted in, such
        as a key, is there once it was written.
        """
        self.ensure_one()
        name = self.cause_key
        if self.reason == Reason.UNMAPPED_PRODUCT:
            name = "default_product_id"
        field = self.source_id._fields.get(name)
        return not field or not field.store or bool(self.source_id[name])

    @api.model
    def _free_periods(self, companies):
        """Have what waits for locked periods of companies processed again: what is
        still locked comes back to its case.
        """
        cases = self._find_open(
            [("company_id", "in", companies.ids)], [Reason.PERIOD_LOCKED]
        )
        return cases._try_again()

    @api.model
    def _free_plans(self, companies):
        """Have what waits for plans of companies processed again: what still can't be
        sold comes back to its case.
        """
        cases = self._find_open(
            [("company_id", "in", companies.ids)], [Reason.UNUSABLE_PLAN]
        )
        return cases._try_again()

    def _try_again(self):
        """Send the events of these cases back to the inbox; what isn't settled comes
        back to its case.
        """
        events = self._get_events().sudo()
        events._send_back(self.env._("What it waits for may be there."))
        events.source_id._enqueue_drain()
        return events.sudo(False)

    # -- who works on it ---------------------------------------------------------

    def action_take(self):
        """Say that the user who presses the button works on these cases."""
        self.write({"user_id": self.env.uid, "snoozed_until": False})

    def action_snooze(self):
        """Let these cases sleep until tomorrow morning."""
        morning = fields.Datetime.start_of(
            fields.Datetime.add(fields.Datetime.now(), days=1), "day"
        )
        self.write({"snoozed_until": fields.Datetime.add(morning, hours=7)})

    def action_wake(self):
        """End the sleep of these cases."""
        self.write({"snoozed_until": False})


def _get_set_up(sources):
    """Return the names of the fields that a source books with, or reads with."""
    stored = {
        name
        for name, field in sources._fields.items()
        if field.type == "many2one" and field.store
    }
    return stored | {"new_api_key", "cutover_date"}


#: What else gives a source a key to read with.
_ALSO = {"credential_ids": "new_api_key"}
