from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.reasons import Reason
from ...canonical.review.causes import OF_CUSTOMER
from ...canonical.review.severity import FLOORS, HIGH, HOURS, MEDIUM

#: The events that wait for cases, with what they tell of money, a row for each pair.
#: Who waits for a customer is parked behind the customer's case.
_WAITING = """
    SELECT cause.id AS case_id, cause.source_id, event.id, event.object_kind,
           event.object_ref, event.stake_company, event.is_stake_known
      FROM saas_exception cause
      JOIN saas_exception_event link ON link.case_id = cause.id AND link.is_open
      JOIN saas_subscription_event event ON event.id = link.event_id
     WHERE %(cases)s
    UNION ALL
    SELECT cause.id, cause.source_id, event.id, event.object_kind,
           event.object_ref, event.stake_company, event.is_stake_known
      FROM saas_exception cause
      JOIN saas_subscription_event event
        ON event.source_id = cause.source_id
       AND event.waiting_for = cause.cause_key
       AND event.state = 'parked'
     WHERE %(cases)s AND cause.reason = ANY(%(reasons)s)
"""


class SaasException(models.Model):
    """Adds up what is at stake with cases before anything is booked, and closes those
    that no event waits for any more.
    """

    _inherit = "saas.exception"

    def _refresh(self):
        """Bring these cases to what is known of their events: one statement for the
        amounts, one that closes.
        """
        self.env["saas.subscription.event"].flush_model(
            ["state", "reason", "waiting_for", "object_kind", "object_ref"]
            + ["stake_company", "is_stake_known"]
        )
        self.env["res.company"].flush_model(
            ["exception_medium_amount", "exception_high_amount"]
        )
        self.flush_model()
        self._update_amounts()
        self._close()
        self.invalidate_model()
        self.env["saas.exception.event"].invalidate_model()

    @api.model
    def _regrade(self, companies):
        """Grade the open cases of companies anew, whose amounts were changed."""
        cases = self.search(
            [("state", "=", "open"), ("company_id", "in", companies.ids)]
        )
        if cases:
            cases._refresh()

    @api.model
    def _get_waiting(self, cases):
        """Return the query of :data:`_WAITING`.

        :param cases: the condition on ``cause`` that says for which cases.
        """
        return SQL(_WAITING, cases=cases, reasons=sorted(OF_CUSTOMER))

    def _get_worths(self):
        """Return the query for what is at stake: for each case and object the largest
        amount that events tell of it. What nobody could read is an object of its own.
        """
        return SQL(
            """SELECT case_id, max(stake_company) AS amount,
                      bool_and(COALESCE(is_stake_known, false)) AS is_known
                 FROM (%s) waiting
             GROUP BY case_id, object_kind, object_ref,
                      CASE WHEN object_ref IS NULL THEN id END""",
            self._get_waiting(SQL("cause.id = ANY(%s)", self.ids)),
        )

    def _update_amounts(self):
        """Write the amounts, and how grave and urgent cases are because of them."""
        self.env.cr.execute(
            SQL(
                """UPDATE saas_exception cause
                      SET amount = sum.amount, amount_known = sum.is_known,
                          severity = sum.severity,
                          date_due = cause.create_date + make_interval(hours =>
                              (%(hours)s::jsonb ->> sum.severity)::int)
                     FROM (
                       SELECT total.case_id, total.amount, total.is_known,
                              GREATEST(%(floors)s::jsonb ->> open_case.reason, CASE
                                WHEN NOT total.is_known
                                  OR total.amount >= company.exception_high_amount
                                THEN %(is_high)s
                                WHEN total.amount >= company.exception_medium_amount
                                THEN %(is_medium)s
                                ELSE '' END) AS severity
                         FROM (SELECT case_id, COALESCE(sum(amount), 0) AS amount,
                                      bool_and(is_known) AS is_known
                                 FROM (%(worths)s) worth GROUP BY case_id) total
                         JOIN saas_exception open_case ON open_case.id = total.case_id
                         JOIN res_company company ON company.id = open_case.company_id
                     ) sum
                    WHERE cause.id = sum.case_id AND cause.state = 'open'
                      AND (cause.date_due IS NULL OR cause.amount <> sum.amount
                           OR cause.amount_known <> sum.is_known
                           OR cause.severity <> sum.severity)""",
                hours=_to_json(HOURS),
                floors=_to_json({r.value: floor for r, floor in FLOORS.items()}),
                is_high=HIGH,
                is_medium=MEDIUM,
                worths=self._get_worths(),
            )
        )

    def _close(self):
        """Close the cases that no event waits for: as ignored, if a person ignored all
        events that did.
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """UPDATE saas_exception cause
                      SET closed_at = %s, write_date = %s, write_uid = %s,
                          state = (
                            SELECT CASE WHEN bool_and(
                                       event.state = 'ignored' AND event.reason = %s)
                                   THEN 'ignored' ELSE 'resolved' END
                              FROM saas_exception_event link
                              JOIN saas_subscription_event event
                                ON event.id = link.event_id
                             WHERE link.case_id = cause.id)
                    WHERE cause.id = ANY(%s) AND cause.state = 'open'
                      AND NOT EXISTS (
                          SELECT FROM saas_exception_event link
                           WHERE link.case_id = cause.id AND link.is_open)""",
                *(now, now, self.env.uid, Reason.IGNORED_BY_PERSON.value),
                self.ids,
            )
        )


def _to_json(values):
    return "{" + ", ".join(f'"{key}": "{value}"' for key, value in values.items()) + "}"
