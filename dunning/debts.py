from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..canonical.money import to_minor
from ..canonical.payments.collecting import CollectionState
from ..canonical.payments.dunning import Debt

#: In these states a gateway is about to bring the money of an invoice, or not.
_UNDER_WAY = (CollectionState.WAITING, CollectionState.SENT, CollectionState.PENDING)
#: States of disputes in which nobody knows yet whose the money is.
_OPEN_DISPUTES = (
    *("warning_needs_response", "warning_under_review", "needs_response"),
    *("under_review", "appeal_needs_response", "appeal_under_review"),
)
#: For so long after it was announced, the outcome of a source's own try may be on its
#: way here.
_GRACE = timedelta(days=2)
#: For so long a gateway may take to try again, as it has said that it will.
_LONGEST = timedelta(days=30)


class SaasCollectionsDebts(models.AbstractModel):
    """Reads what tenants owe, from the journal items that are open: in one query for
    many tenants, in the currency of each document, and as exact integers.
    """

    _name = "saas.collections.debts"
    _description = "SaaS debts of tenants"

    def _read(self, tenants):
        """Return what tenants owe, by the ids of a tenant and a currency: the debts, as
        :class:`~..canonical.payments.dunning.Debt`, and the credit, in minor units.

        A tenant also owes what is booked of others on its contact.
        """
        if not tenants:
            return {}
        self._flush()
        rows = self.env.execute_query(self._make_query(tenants))
        currencies = self.env["res.currency"].browse({row[1] for row in rows})
        places = {each.id: each.decimal_places for each in currencies}
        debts, credit = defaultdict(list), defaultdict(int)
        for tenant, currency, move, due, amount, *marks in rows:
            key, minor = (tenant, currency), to_minor(amount, places[currency])
            if move:
                debts[key].append(Debt(move, due, minor, *map(bool, marks)))
            else:
                credit[key] -= minor
        return {
            key: (debts.get(key, []), max(credit.get(key, 0), 0))
            for key in {**debts, **credit}
        }

    def _flush(self):
        for name, names in (
            ("account.move", ["saas_tenant_id", "state", "move_type"]),
            ("account.move", ["saas_disputed_note", "saas_next_attempt"]),
            ("account.payment", ["saas_tenant_id", "move_id"]),
            ("saas.tenant", ["is_consolidated", "bill_to_id", "partner_id"]),
            ("saas.collection", ["move_id", "state", "is_retried", "told_at"]),
            ("saas.dispute", ["payment_id", "state"]),
        ):
            self.env[name].flush_model(names)
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()

    def _make_query(self, tenants):
        """Return the query for rows of a tenant, a currency, and of an invoice what is
        open, since when, and whether it is disputed and whether a gateway collects it.
        What is open of all else has no invoice.

        Money of the tenant's contact that belongs to no tenant was entered by hand.
        """
        return SQL(
            """
            WITH owner AS (%(owners)s), part AS (
                SELECT owner.payer_id, move.id AS move_id,
                       move.move_type = 'out_invoice' AS is_invoice
                  FROM owner JOIN account_move move
                    ON move.saas_tenant_id = owner.tenant_id
                 WHERE move.state = 'posted'
                 UNION
                SELECT owner.payer_id, payment.move_id, FALSE
                  FROM owner JOIN account_payment payment
                    ON payment.saas_tenant_id = owner.tenant_id
                  JOIN account_move move ON move.id = payment.move_id
                   AND move.saas_tenant_id IS NULL AND move.state = 'posted'
            ), item AS (
                SELECT part.payer_id, line.currency_id, line.id AS line_id,
                       CASE WHEN part.is_invoice THEN line.move_id END AS move_id,
                       COALESCE(line.date_maturity, line.date) AS due,
                       line.amount_residual_currency AS amount
                  FROM part JOIN account_move_line line ON line.move_id = part.move_id
                  JOIN account_account account ON account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                 WHERE line.amount_residual_currency <> 0
                UNION ALL (%(strangers)s)
            ), marked AS (
                SELECT payer_id, currency_id, move_id, amount,
                       CASE WHEN move_id IS NOT NULL THEN due END AS due,
                       move_id IS NOT NULL AND (%(disputed)s) AS is_disputed,
                       move_id IS NOT NULL AND (%(retried)s) AS is_retried
                  FROM item
            )
            SELECT payer_id, currency_id, move_id, due, SUM(amount),
                   is_disputed, is_retried
              FROM marked GROUP BY 1, 2, 3, 4, 6, 7
            """,
            owners=self._select_owners(tenants),
            strangers=self._select_strangers(),
            disputed=self._is_disputed(),
            retried=self._is_retried(),
        )

    def _select_owners(self, tenants):
        """Return whose documents are owed by whom."""
        return SQL(
            """SELECT id AS tenant_id, id AS payer_id FROM saas_tenant
                WHERE id = ANY(%(tenants)s)
                  AND NOT (COALESCE(is_consolidated, FALSE) AND bill_to_id IS NOT NULL)
                UNION ALL
               SELECT id, bill_to_id FROM saas_tenant
                WHERE is_consolidated AND bill_to_id = ANY(%(tenants)s)""",
            tenants=tenants.ids,
        )

    def _select_strangers(self):
        """Return what the payers' contacts have paid that no tenant's record is."""
        return SQL(
            """SELECT tenant.id, line.currency_id, line.id, NULL::int, NULL::date,
                      line.amount_residual_currency
                 FROM saas_tenant tenant
                 JOIN res_partner contact ON contact.id = tenant.partner_id
                 JOIN account_move_line line
                   ON line.partner_id = contact.commercial_partner_id
                  AND line.company_id = tenant.company_id
                  AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
                  AND line.amount_residual_currency < 0
                 JOIN account_account account ON account.id = line.account_id
                  AND account.account_type = 'asset_receivable'
                 JOIN account_move move ON move.id = line.move_id
                  AND move.saas_tenant_id IS NULL
                WHERE tenant.id IN (SELECT payer_id FROM owner)
                  AND NOT EXISTS (
                      SELECT FROM account_payment payment
                       WHERE payment.move_id = move.id
                         AND payment.saas_tenant_id IS NOT NULL)"""
        )

    def _is_disputed(self):
        """Return the term for invoices that the customer disputes, or whose payment the
        bank may take back.
        """
        return SQL(
            """EXISTS (SELECT FROM account_move move WHERE move.id = item.move_id
                          AND move.saas_disputed_note IS NOT NULL)
               OR EXISTS (
                   SELECT FROM account_partial_reconcile settled
                     JOIN account_move_line credit
                       ON credit.id = settled.credit_move_id
                     JOIN account_payment payment ON payment.move_id = credit.move_id
                     JOIN saas_dispute dispute ON dispute.payment_id = payment.id
                    WHERE settled.debit_move_id = item.line_id
                      AND dispute.state IN %s)""",
            _OPEN_DISPUTES,
        )

    def _is_retried(self):
        """Return the term for invoices that a gateway collects, or that their source
        will try to collect again.
        """
        return SQL(
            """EXISTS (SELECT FROM account_move move WHERE move.id = item.move_id
                          AND move.saas_next_attempt > %(tried)s)
               OR EXISTS (
                   SELECT FROM saas_collection command
                    WHERE command.move_id = item.move_id
                      AND (command.state IN %(under_way)s
                           OR command.state = %(failed)s AND command.is_retried
                              AND command.told_at > %(told)s))""",
            failed=CollectionState.FAILED.value,
            tried=fields.Datetime.now() - _GRACE,
            told=fields.Datetime.now() - _LONGEST,
            under_way=tuple(state.value for state in _UNDER_WAY),
        )

    def _find_overdue(self, company, after, day, limit):
        """Return the next tenants of a company that have to be looked at on a day: who
        pays what is overdue, and who has a state that may have to change.

        :param after: the id of the last tenant that was looked at.
        """
        self._flush()
        self.env["saas.dunning.state"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tenant_id FROM (
                    SELECT CASE WHEN tenant.is_consolidated
                                THEN COALESCE(tenant.bill_to_id, tenant.id)
                                ELSE tenant.id END AS tenant_id
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                       AND account.account_type = 'asset_receivable'
                      JOIN account_move move ON move.id = line.move_id
                       AND move.move_type = 'out_invoice'
                      JOIN saas_tenant tenant ON tenant.id = move.saas_tenant_id
                     WHERE line.reconciled IS NOT TRUE
                       AND line.parent_state = 'posted'
                       AND line.company_id = %(company)s
                       AND COALESCE(line.date_maturity, line.date) < %(day)s
                     UNION
                    SELECT tenant_id FROM saas_dunning_state
                     WHERE company_id = %(company)s
                       AND (amount > 0 OR disputed > 0 OR is_restricted)
                ) found
                 WHERE tenant_id > %(after)s ORDER BY tenant_id LIMIT %(limit)s
                """,
                company=company.id,
                day=day,
                after=after,
                limit=limit,
            )
        )
        return self.env["saas.tenant"].browse(id_ for (id_,) in rows)
