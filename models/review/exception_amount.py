import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.review.causes import OF_CUSTOMER
from ...canonical.review.severity import (
    DOCUMENTS,
    FLOORS,
    HIGH,
    HOURS,
    MEDIUM,
    list_closings,
)

#: The events that wait for cases, with what they tell of money, a row for each pair.
#: Who waits for a customer is parked behind the customer's case. What is at risk with a
#: payment is a row without an event.
_WAITING = """
    SELECT cause.id AS case_id, cause.source_id, event.id, event.object_kind,
           event.object_ref, event.stake_company, event.is_stake_known,
           event.stake_day
      FROM saas_exception cause
      JOIN saas_exception_event link ON link.case_id = cause.id AND link.is_open
      JOIN saas_subscription_event event ON event.id = link.event_id
     WHERE %(cases)s AND cause.risk_id IS NULL
    UNION ALL
    SELECT cause.id, cause.source_id, NULL, %(payment)s,
           COALESCE(risk.payment_ref, risk.external_id), risk.amount_company,
           risk.is_amount_known, NULL
      FROM saas_exception cause
      JOIN saas_risk risk ON risk.id = cause.risk_id
     WHERE %(cases)s
    UNION ALL
    SELECT cause.id, cause.source_id, event.id, event.object_kind,
           event.object_ref, event.stake_company, event.is_stake_known,
           event.stake_day
      FROM saas_exception cause
      JOIN saas_subscription_event event
        ON event.source_id = cause.source_id
       AND event.waiting_for = cause.cause_key
       AND event.state = 'parked'
     WHERE %(cases)s AND cause.reason = ANY(%(reasons)s)
"""
#: By company of some cases: the month that is about to close, and up to which day the
#: company or one above it has locked its books; and those for documents, with tax.
_CLOSING = """
    SELECT company.id, month.days ->> 0 AS first, month.days ->> 1 AS last,
           GREATEST(max(above.fiscalyear_lock_date), max(above.hard_lock_date))
               AS locked,
           GREATEST(max(above.fiscalyear_lock_date), max(above.hard_lock_date),
                    max(above.sale_lock_date), max(above.tax_lock_date))
               AS documents_locked
      FROM res_company company
      JOIN (SELECT key, value FROM jsonb_each(%(closings)s)) month(day, days)
        ON month.day = company.exception_closing_day::text
      JOIN res_company above
        ON starts_with(company.parent_path, above.parent_path)
     WHERE company.id IN (SELECT company_id FROM saas_exception WHERE id = ANY(%(ids)s))
  GROUP BY company.id, month.days
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
            + ["stake_company", "is_stake_known", "stake_day"]
        )
        self.env["res.company"].flush_model()
        self.env["saas.risk"].flush_model()
        self.flush_model()
        self._update_amounts()
        self._close()
        self.invalidate_model()
        self.env["saas.exception.event"].invalidate_model()

    @api.model
    def _regrade(self, companies):
        """Grade the open cases of companies anew, whose rules were changed."""
        self._regrade_open(Domain("company_id", "in", companies.ids))

    @api.model
    def _cron_regrade(self):
        """Grade all open cases anew each day: months come to their end. A copy of the
        database leaves them as they are.
        """
        if self.env["saas.environment"]._is_confirmed():
            self.sudo()._regrade_open(Domain.TRUE)

    def _regrade_open(self, domain):
        cases = self.search(domain & Domain("state", "=", "open"))
        if cases:
            cases._refresh()

    @api.model
    def _get_waiting(self, cases):
        """Return the query of :data:`_WAITING`.

        :param cases: the condition on ``cause`` that says for which cases.
        """
        return SQL(
            _WAITING,
            cases=cases,
            reasons=sorted(OF_CUSTOMER),
            payment=Kind.PAYMENT.value,
        )

    def _get_worths(self):
        """Return the query for what is at stake: for each case and object the largest
        amount that events tell of it, and its first day. What nobody could read is an
        object of its own.
        """
        return SQL(
            """SELECT case_id, object_kind, max(stake_company) AS amount,
                      min(stake_day) AS day,
                      bool_and(COALESCE(is_stake_known, false)) AS is_known
                 FROM (%s) waiting
             GROUP BY case_id, object_kind, object_ref,
                      CASE WHEN object_ref IS NULL THEN id END""",
            self._get_waiting(SQL("cause.id = ANY(%s)", self.ids)),
        )

    def _get_totals(self):
        """Return the query for what is at stake with each case in all, and whether any
        of it belongs to a month that is about to close and is not locked. Where nothing
        was ever locked, what is older than that month is history.
        """
        return SQL(
            """SELECT worth.case_id, COALESCE(sum(worth.amount), 0) AS amount,
                      bool_and(worth.is_known) AS is_known,
                      COALESCE(bool_or(
                        worth.day <= closing.last::date
                        AND worth.day > COALESCE(
                          CASE WHEN worth.object_kind = ANY(%(documents)s)
                               THEN closing.documents_locked ELSE closing.locked END,
                          closing.first::date - 1)), false) AS is_closing
                 FROM (%(worths)s) worth
                 JOIN saas_exception counted ON counted.id = worth.case_id
            LEFT JOIN (%(closing)s) closing ON closing.id = counted.company_id
             GROUP BY worth.case_id""",
            documents=list(DOCUMENTS),
            worths=self._get_worths(),
            closing=SQL(
                _CLOSING,
                closings=json.dumps(list_closings(fields.Date.today())),
                ids=self.ids,
            ),
        )

    def _update_amounts(self):
        """Write the amounts, and how grave and urgent cases are because of them."""
        self.env.cr.execute(
            SQL(
                """UPDATE saas_exception cause
                      SET amount = sum.amount, amount_known = sum.is_known,
                          severity = sum.severity, is_closing = sum.is_closing,
                          date_due = cause.create_date + make_interval(hours =>
                              (%(hours)s::jsonb ->> sum.severity)::int)
                     FROM (
                       SELECT total.case_id, total.amount, total.is_known,
                              total.is_closing,
                              GREATEST(%(floors)s::jsonb ->> open_case.reason, CASE
                                WHEN NOT total.is_known OR total.is_closing
                                  OR total.amount >= company.exception_high_amount
                                THEN %(is_high)s
                                WHEN total.amount >= company.exception_medium_amount
                                THEN %(is_medium)s
                                ELSE '' END) AS severity
                         FROM (%(totals)s) total
                         JOIN saas_exception open_case ON open_case.id = total.case_id
                         JOIN res_company company ON company.id = open_case.company_id
                     ) sum
                    WHERE cause.id = sum.case_id AND cause.state = 'open'
                      AND (cause.date_due IS NULL OR cause.amount <> sum.amount
                           OR cause.amount_known <> sum.is_known
                           OR cause.is_closing IS DISTINCT FROM sum.is_closing
                           OR cause.severity <> sum.severity)""",
                hours=json.dumps(HOURS),
                floors=json.dumps(FLOORS),
                is_high=HIGH,
                is_medium=MEDIUM,
                totals=self._get_totals(),
            )
        )

    def _close(self):
        """Close the cases that no event waits for: as ignored, if a person ignored all
        events that did. That of a risk is closed with the risk.
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
                           WHERE link.case_id = cause.id AND link.is_open)
                      AND NOT EXISTS (
                          SELECT FROM saas_risk risk
                           WHERE risk.id = cause.risk_id AND risk.state = 'open')""",
                *(now, now, self.env.uid, Reason.IGNORED_BY_PERSON.value),
                self.ids,
            )
        )
