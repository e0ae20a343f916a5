from odoo import fields, models
from odoo.tools import SQL

from ..canonical.reasons import Cause
from ..canonical.review.suggestions import LIKELY, POSSIBLE, SURE, Suggestion

#: The rate that is nearest to a day, for each case: see ``_find_near``.
_NEAR = """SELECT wanted.case_id, near.company_id, near.currency_id, near.day
      FROM unnest(%s, %s, %s, %s, %s::date[])
           AS wanted(case_id, company_id, own_id, code, day)
      JOIN LATERAL (
           SELECT COALESCE(rate.company_id, wanted.company_id)
                  AS company_id, rate.currency_id, rate.name AS day
             FROM res_currency_rate rate
             JOIN res_currency ON res_currency.id = rate.currency_id
             LEFT JOIN res_company ON res_company.id = rate.company_id
            WHERE res_currency.name = wanted.code
              AND COALESCE(res_company.currency_id, wanted.own_id)
                  = wanted.own_id
              AND (rate.name <= wanted.day
                   OR COALESCE(rate.company_id, wanted.company_id)
                      = wanted.company_id)
              AND COALESCE(rate.company_id, wanted.company_id)
                  = ANY(%s)
         ORDER BY rate.name > wanted.day,
                  COALESCE(rate.company_id, wanted.company_id)
                  <> wanted.company_id,
                  abs(rate.name - wanted.day)
            LIMIT 1) near ON true"""


class SaasSuggestSetup(models.AbstractModel):
    """Suggests what a source's empty field is to be filled with: an account that is
    made for it, or the only journal there is.
    """

    _name = "saas.suggest.setup"
    _description = "SaaS suggestions of the set-up"

    #: Which type of journal a field of the source takes.
    _journals = {"sale_journal_id": "sale", "payout_journal_id": "bank"}

    def _suggest(self, cases):
        """Return by case what fills the field that it is about."""
        journals = (
            self.env["account.journal"]
            .sudo()
            .search(
                [
                    ("company_id", "in", cases.company_id.ids),
                    ("type", "in", list(self._journals.values())),
                ]
            )
        )
        every = self.env["saas.source"].sudo()
        every = every.search([("company_id", "in", cases.company_id.ids)])
        missing = {
            source: {*source.sudo()._get_missing_accounts(), "clearing_journal_id"}
            for source in cases.source_id
        }
        found = {}
        for case in cases:
            if case.cause_key in missing[case.source_id]:
                found[case] = self._suggest_accounts(case, every)
            elif answer := self._suggest_journal(case, journals, every):
                found[case] = answer
        return found

    def _suggest_accounts(self, case, every):
        """Suggest to make what is missing; another source's account is taken."""
        name = case.cause_key
        others = every.filtered(
            lambda source: source.company_id == case.company_id and source[name]
        )
        label = self._get_label(case)
        if others and name != "clearing_journal_id":
            why = self.env._(
                "%(other)s uses %(account)s for it, so this source gets the same.",
                other=others[0].name,
                account=others[0][name].display_name,
            )
        else:
            why = self.env._(
                "Nothing is chosen for it. It is made in the style of your chart, and "
                "what is chosen already stays."
            )
        return Suggestion(
            self.env._("Create Missing Accounts fills %s.", label),
            why,
            LIKELY,
            "action_settle_set_up",
            {"what": "accounts"},
        )

    def _suggest_journal(self, case, journals, every):
        kind = self._journals.get(case.cause_key)
        taken = every.clearing_journal_id
        own = journals.filtered(
            lambda journal: (
                journal.company_id == case.company_id
                and journal.type == kind
                and journal not in taken
            )
        )
        if len(own) != 1:
            return None
        return Suggestion(
            self.env._(
                "The %(field)s is %(journal)s.",
                field=self._get_label(case),
                journal=own.display_name,
            ),
            self.env._("It is the only journal of that type in the company."),
            SURE,
            "action_settle_set_up",
            {"what": "journal", "journal_id": own.id},
        )

    def _get_label(self, case):
        field = case.source_id._fields[case.cause_key]
        return field.get_description(self.env, ["string"])["string"]


class SaasSuggestCurrency(models.AbstractModel):
    """Suggests the rate of a day that has none: one that another company has for that
    day, or else the company's own that is nearest.
    """

    _name = "saas.suggest.currency"
    _description = "SaaS suggestions of rates"

    def _suggest(self, cases):
        """Return by case the currency's set-up, with a rate where one is needed."""
        causes = {case: Cause.parse(case.event_id.sudo().cause) for case in cases}
        dated = {
            case: (code, fields.Date.to_date(value))
            for case, (kind, code, value) in causes.items()
            if kind in (Cause.CURRENCY, Cause.RATE)
        }
        near = self._find_near(dated)
        rates = self.env["saas.ledger.rates"]._find(set(near.values()))
        found = {}
        for case, (kind, code, value) in causes.items():
            if kind == Cause.DECIMALS:
                found[case] = self._make(
                    self.env._(
                        "Give %(code)s %(count)s decimals.", code=code, count=value
                    ),
                    self.env._("The source states amounts with so many."),
                    SURE,
                )
            elif case in dated and (rate := rates.get(near.get(case))):
                found[case] = self._suggest_rate(case, kind, code, near[case], rate)
        return found

    def _find_near(self, dated):
        """Return by case the company, currency and day of the rate that is nearest, in
        one query: the company's own up to its day; else another company's, with books
        in the same currency; else the company's own first one after that day.

        :param dated: the currency's code and the day, by case.
        """
        if not dated:
            return {}
        rows = self.env.execute_query(
            SQL(
                _NEAR,
                [case.id for case in dated],
                [case.company_id.root_id.id for case in dated],
                [case.company_id.currency_id.id for case in dated],
                [code for code, _day in dated.values()],
                [str(day) for _code, day in dated.values()],
                (self.env.user.company_ids.root_id | self.env.companies.root_id).ids,
            )
        )
        companies, currencies = self.env["res.company"].sudo(), self.env["res.currency"]
        cases = {case.id: case for case in dated}
        return {
            cases[case_id]: (
                companies.browse(company),
                currencies.browse(currency),
                day,
            )
            for case_id, company, currency, day in rows
        }

    def _suggest_rate(self, case, kind, code, near, rate):
        company, _currency, day = near
        wanted = fields.Date.to_date(Cause.parse(case.event_id.sudo().cause)[2])
        own = case.company_id.currency_id.name
        if (
            kind == Cause.CURRENCY
            and company == case.company_id.root_id
            and day <= wanted
        ):
            why = self.env._("The company has a rate for that day, so none is entered.")
            return self._make(self.env._("Make %s active.", code), why, SURE)
        told = {"company": company.name, "day": day, "wanted": wanted}
        if company != case.company_id.root_id:
            why = self.env._("%(company)s has this rate, of %(day)s.", **told)
        else:
            why = self.env._(
                "No rate is known up to %(wanted)s. This is the first one after it, of "
                "%(day)s.",
                **told,
            )
        return self._make(
            self.env._(
                "Enter that one %(own)s was %(rate)s %(code)s.",
                own=own,
                rate=f"{float(rate):.6g}",
                code=code,
            ),
            why,
            LIKELY if company != case.company_id.root_id else POSSIBLE,
            rate=float(rate),
        )

    def _make(self, say, why, confidence, **values):
        return Suggestion(say, why, confidence, "action_set_up_currency", values)
