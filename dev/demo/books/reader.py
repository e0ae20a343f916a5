"""What Odoo's books say. Runs inside an Odoo shell, and reads the tables themselves:
the amounts are exact there, and nothing of the addon's code is asked except to verify
its log.
"""

from .. import catalogue

#: The accounts that are compared: those of the source, the company's, and others by
#: their type. Odoo books differences of exchange as well, in a journal of its own.
_PLACE = """
           CASE WHEN line.account_id = %(clearing)s THEN 'clearing'
                WHEN line.account_id = %(fees)s THEN 'fees'
                WHEN line.account_id = %(passed)s THEN 'passed-through fees'
                WHEN line.account_id = %(application)s THEN 'application fees'
                WHEN line.account_id = %(fee_tax)s THEN 'tax on fees'
                WHEN line.account_id = %(withheld)s THEN 'withheld tax'
                WHEN line.account_id = %(connected)s THEN 'connected accounts'
                WHEN line.account_id = %(earned)s THEN 'fees earned'
                WHEN line.account_id = %(reserve)s THEN 'reserve'
                WHEN line.account_id = %(loan)s THEN 'loan'
                WHEN line.account_id = %(loan_cost)s THEN 'cost of the loan'
                WHEN line.account_id = %(disputed)s THEN 'disputed'
                WHEN line.account_id = %(chargebacks)s THEN 'chargebacks'
                WHEN line.account_id = %(credit)s THEN 'customer balances'
                WHEN line.account_id = %(adjustments)s THEN 'adjustments'
                WHEN line.account_id = %(bad_debt)s THEN 'bad debt'
                WHEN line.account_id = %(transfers)s THEN 'transfers'
                WHEN line.account_id = ANY(%(exchange)s)
                 AND line.journal_id = %(journal)s THEN 'exchange'
                WHEN line.account_id = %(tax)s THEN 'tax'
                WHEN account.account_type = 'asset_receivable' THEN 'receivable'
                WHEN account.account_type LIKE 'income%%'
                 AND line.account_id != ALL(%(exchange)s) THEN 'revenue'
                ELSE 'elsewhere' END AS place,"""

_TOTALS = f"""
    SELECT currency.name,{_PLACE}
           SUM(line.amount_currency)::text
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE line.parent_state = 'posted' AND line.company_id = %(company)s
  GROUP BY 1, 2"""

_STILL_OPEN = """
    SELECT currency.name,
           SUM(GREATEST(line.amount_residual_currency, 0))::text,
           SUM(LEAST(line.amount_residual_currency, 0))::text
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE line.parent_state = 'posted' AND line.company_id = %(company)s
       AND account.account_type = 'asset_receivable'
  GROUP BY 1"""

_DOCUMENTS = """
    SELECT move.saas_external_id,
           CASE move.move_type WHEN 'out_invoice' THEN 'invoice'
                WHEN 'out_refund' THEN 'credit_note' ELSE move.move_type END,
           currency.name, move.amount_total_in_currency_signed::text,
           move.invoice_date::text, move.saas_state,
           (SELECT SUM(amount_residual_currency)::text FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.move_id = move.id
               AND account.account_type = 'asset_receivable')
      FROM account_move move
      JOIN res_currency currency ON currency.id = move.currency_id
     WHERE move.saas_source_id = %(source)s AND move.saas_external_id IS NOT NULL
       AND move.state = 'posted' AND move.move_type != 'entry'"""

#: Entries that are neither documents nor payments. An invoice may be overpaid more
#: than once, and each time has an id that is made up. In how many steps a loss is
#: booked depends on what was told first: it is summed up by invoice and day.
_POSTINGS = f"""
    SELECT CASE WHEN binding.kind LIKE 'invoice_write_off%%' THEN 'invoice_loss'
                ELSE binding.kind END,
           CASE WHEN binding.kind = 'invoice_overpaid' THEN binding.parent_ref
                WHEN binding.kind LIKE 'invoice_write_off%%' THEN
                  COALESCE(binding.parent_ref, binding.external_id) || ' ' || move.date
                ELSE binding.external_id END,
           move.date::text, move.state, currency.name,{_PLACE}
           SUM(line.amount_currency)::text
      FROM saas_binding binding
      JOIN account_move move ON move.id = binding.res_id
       AND binding.res_model = 'account.move'
      JOIN account_move_line line ON line.move_id = move.id
      JOIN account_account account ON account.id = line.account_id
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE binding.source_id = %(source)s AND move.move_type = 'entry'
       AND binding.kind != 'refund_return'
  GROUP BY 1, 2, 3, 4, 5, 6"""

_PAYOUTS = """
    SELECT payout.external_id, payout.state, payout.proof_state, currency.name,
           payout.amount::text, payout.net_total::text, payout.difference::text,
           payout.contents_known,
           (SELECT COUNT(*) FROM saas_balance_transaction part
             WHERE part.payout_id = payout.id
               AND part.object_ref IS DISTINCT FROM payout.external_id)
      FROM saas_payout payout
      JOIN res_currency currency ON currency.id = payout.currency_id
     WHERE payout.source_id = %(source)s"""

_MOVEMENTS = """
    SELECT external_id, match_state, net_minor::text, booked_minor::text
      FROM saas_balance_transaction WHERE source_id = %(source)s"""

_MONEY = """
    SELECT payment.saas_external_id,
           CASE payment.payment_type WHEN 'inbound' THEN 'payment' ELSE 'refund' END,
           currency.name, SUM(line.amount_currency)::text, MIN(payment.date)::text, '',
           SUM(line.amount_residual_currency)::text
      FROM account_payment payment
      JOIN account_move_line line ON line.move_id = payment.move_id
      JOIN account_account account ON account.id = line.account_id
       AND account.account_type = 'asset_receivable'
      JOIN res_currency currency ON currency.id = payment.currency_id
     WHERE payment.saas_source_id = %(source)s AND line.parent_state = 'posted'
  GROUP BY 1, 2, 3"""

_EVENTS = """
    SELECT external_id, state, COALESCE(reason, '') FROM saas_subscription_event
     WHERE source_id = %(source)s"""

_REVERSALS = """
    SELECT kind, COUNT(*) FROM saas_binding
     WHERE source_id = %(source)s AND res_id IS NOT NULL
       AND kind IN ('invoice_void', 'credit_note_void', 'refund_return') GROUP BY 1"""

_ACTIVITIES = """
    SELECT data.name, COUNT(*) FROM mail_activity activity
      JOIN ir_model_data data ON data.model = 'mail.activity.type'
       AND data.res_id = activity.activity_type_id AND data.module = 'saas_billing_sync'
 LEFT JOIN account_move move ON move.id = activity.res_id
       AND activity.res_model = 'account.move'
 LEFT JOIN account_payment payment ON payment.id = activity.res_id
       AND activity.res_model = 'account.payment'
 LEFT JOIN saas_dispute dispute ON dispute.id = activity.res_id
       AND activity.res_model = 'saas.dispute'
     WHERE activity.active
       AND COALESCE(move.saas_source_id, payment.saas_source_id, dispute.source_id,
           CASE activity.res_model WHEN 'saas.source' THEN activity.res_id END)
         = %(source)s
  GROUP BY 1"""

_COUNTS = """
    SELECT 'tenants', COUNT(*) FROM saas_binding
     WHERE source_id = %(source)s AND kind = 'customer' AND res_id IS NOT NULL
 UNION SELECT 'on_screen', COUNT(*) FROM saas_tenant
     WHERE company_id = %(company)s AND active
 UNION SELECT 'subscriptions', COUNT(*) FROM saas_subscription
     WHERE source_id = %(source)s
 UNION SELECT 'log_rows', COUNT(*) FROM saas_sync_log WHERE source_id = %(source)s
 UNION SELECT 'matched_contacts', COUNT(*) FROM saas_tenant tenant
      JOIN res_partner partner ON partner.id = tenant.partner_id
     WHERE tenant.company_id = %(company)s AND partner.comment LIKE %(comment)s"""


def read(env):
    """Return all that is compared, for each entity."""
    return {entity.key: _read_entity(env, entity) for entity in catalogue.ENTITIES}


def _read_entity(env, entity):
    company = env["res.company"].search([("name", "=", entity.company)])
    source = env["saas.source"].search([("company_id", "=", company.id)])
    values = {
        "company": company.id,
        "source": source.id,
        **_get_accounts(env, company, source),
        "comment": "%Demonstration%",
    }

    def rows(query):
        env.cr.execute(query, values)
        return env.cr.fetchall()

    totals = {}
    for currency, place, amount in rows(_TOTALS):
        totals.setdefault(currency, {})[place] = amount
    return {
        "totals": totals,
        "still_open": {currency: sums for currency, *sums in rows(_STILL_OPEN)},
        "entries": {key: entry for key, *entry in rows(_DOCUMENTS) + rows(_MONEY)},
        "postings": rows(_POSTINGS),
        "payouts": {key: payout for key, *payout in rows(_PAYOUTS)},
        "movements": {key: movement for key, *movement in rows(_MOVEMENTS)},
        "events": {key: fate for key, *fate in rows(_EVENTS)},
        "reversals": dict(rows(_REVERSALS)),
        "activities": dict(rows(_ACTIVITIES)),
        "counts": dict(rows(_COUNTS)),
        "broken_at": env["saas.sync.log"]._verify_chain(source),
    }


def _get_accounts(env, company, source):
    """Return the ids of the accounts that are told apart, and of the clearing
    journal.
    """
    return {
        "journal": source.clearing_journal_id.id,
        "clearing": source.clearing_journal_id.default_account_id.id,
        "fees": source.fee_account_id.id,
        "passed": source.passed_fee_account_id.id,
        "application": source.application_fee_account_id.id,
        "fee_tax": source.fee_tax_account_id.id,
        "withheld": source.withheld_tax_account_id.id,
        "connected": source.connected_account_id.id,
        "earned": source.application_income_account_id.id,
        "reserve": source.reserve_account_id.id,
        "loan": source.loan_account_id.id,
        "loan_cost": source.loan_cost_account_id.id,
        "disputed": source.dispute_account_id.id,
        "chargebacks": source.chargeback_account_id.id,
        "credit": source.balance_account_id.id,
        "adjustments": source.adjustment_account_id.id,
        "bad_debt": source.bad_debt_account_id.id,
        "transfers": company.transfer_account_id.id,
        "exchange": (
            company.income_currency_exchange_account_id
            | company.expense_currency_exchange_account_id
        ).ids,
        "tax": env.ref(f"account.{company.id}_tax_received").id,
    }
