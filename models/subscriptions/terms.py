from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import models

from ...canonical.catalogue.errors import UnusablePlan
from ...canonical.catalogue.terms import ComponentKind
from ...canonical.errors import EventError, Quarantine
from ...canonical.money import write_plainly
from ...canonical.reasons import Reason
from ...canonical.subscriptions.lifecycle import Event
from ...canonical.subscriptions.outlook import is_absurd
from ...canonical.subscriptions.told import find_term_end, write_moment

#: The moments of a change that somebody may have mistyped.
_MOMENTS = ("effective_at", "trial_end", "anchor")


class SaasSubscriptionsTerms(models.AbstractModel):
    """Turns what is told of a subscription's terms into what is kept: a version of a
    plan with the quantities of its components, whoever tells it.
    """

    _name = "saas.subscriptions.terms"
    _description = "SaaS terms of subscriptions"

    def _read_all(self, company, told):
        """Return the terms of changes, in order: a dict as ``canonical/subscriptions``
        keeps them, or the :class:`~...canonical.errors.Quarantine` that says what is
        wrong. A plan that several name is looked up once.

        :param told: pairs of a fact and the name of the time zone that counts if it
            tells none.
        """
        sold, result = {}, []
        for fact, zone in told:
            try:
                result.append(self._read(company, fact, zone, sold))
            except EventError as error:
                result.append(error)
        return result

    def _read(self, company, fact, zone, sold):
        self._check_moments(fact)
        terms = {}
        if fact.timezone or (fact.opens and not fact.continues):
            terms["zone"] = zone = self._read_zone(fact.timezone or zone)
        if fact.holding:
            day = fact.effective_at.astimezone(ZoneInfo(zone)).date()
            terms |= self._read_holding(company, fact.holding, day, sold)
        if fact.anchor:
            terms["anchor"] = write_moment(fact.anchor)
        if fact.purchase_order is not None:
            terms["purchase_order"] = fact.purchase_order
        if fact.term:
            terms["term"] = self._read_term(fact, zone)
        return terms

    def _check_moments(self, fact):
        moments = [getattr(fact, name) for name in _MOMENTS]
        if fact.term:
            moments += [fact.term.start, fact.term.ends_at]
        for moment in filter(None, moments):
            if is_absurd(moment, fact.known_at):
                raise Quarantine(
                    Reason.INVALID_PAYLOAD,
                    self.env._(
                        "It is told for %(moment)s, which is more than ten years from "
                        "%(told)s, when it was told. The year may be mistyped.",
                        moment=moment.date(),
                        told=fact.known_at.date(),
                    ),
                    about="moment",
                )

    def _read_zone(self, name):
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError) as error:
            raise Quarantine(
                Reason.INVALID_PAYLOAD,
                self.env._("%s is no time zone, such as Europe/Berlin.", name),
                about="timezone",
            ) from error

    def _read_term(self, fact, zone):
        term = {
            "months": fact.term.months,
            "start": fact.term.start and write_moment(fact.term.start),
            "ends_at": fact.term.ends_at and write_moment(fact.term.ends_at),
            "auto_renew": fact.term.auto_renew,
            "notice_days": fact.term.notice_days,
        }
        start = fact.term.start or fact.effective_at
        end = find_term_end({**term, "start": write_moment(start)}, zone)
        if fact.change != Event.AGREED and end and end <= fact.effective_at:
            raise Quarantine(
                Reason.INVALID_PAYLOAD,
                self.env._("The term ends before it begins."),
                about="term",
            )
        return term

    # -- what is held ------------------------------------------------------------------

    def _read_holding(self, company, holding, day, sold):
        """Return what is held of a plan.

        :param sold: what was looked up before, which is added to.
        """
        key = (holding.plan, holding.plan_version, holding.currency, day)
        if key not in sold:
            try:
                sold[key] = self._find_version(company, *key)
            except Quarantine as error:
                sold[key] = error
        if isinstance(sold[key], Quarantine):
            raise sold[key]
        version = sold[key]
        return {
            "version": version.id,
            "currency": holding.currency,
            "quantities": self._read_quantities(version, holding),
        }

    def _find_version(self, company, plan, number, currency, day):
        currencies = self.env["saas.customers.partner_values"]
        found = currencies._get_currencies([currency]).get(currency)
        if not found:
            raise Quarantine(
                Reason.UNUSABLE_PLAN,
                self.env._("There is no currency %s here.", currency),
                about=plan,
            )
        plans = self.env["saas.plan"].sudo()
        try:
            return plans._find_version(company, plan, day, number, found)
        except UnusablePlan as error:
            raise Quarantine(Reason.UNUSABLE_PLAN, error.detail, about=plan) from error

    def _read_quantities(self, version, holding):
        """Return the quantity of each component but those that meters count, as decimal
        texts by code: as told, or once of what is fixed, and none of the others.
        """
        told = {each.component: each.quantity for each in holding.quantities}
        if len(told) < len(holding.quantities):
            raise Quarantine(
                Reason.INVALID_PAYLOAD,
                self.env._("A component is told twice."),
                about="items",
            )
        components = {component.code: component for component in version.component_ids}
        for code in told:
            self._check_component(version, components.get(code), code)
        return {
            code: write_plainly(
                told.get(code, Decimal(component.kind == ComponentKind.FLAT))
            )
            for code, component in components.items()
            if component.kind != ComponentKind.USAGE
        }

    def _check_component(self, version, component, code):
        if component is None:
            raise Quarantine(
                Reason.UNUSABLE_PLAN,
                self.env._(
                    "%(version)s has no component %(code)s. Publish a version that has "
                    "it, or have the sender name another one.",
                    version=version.name,
                    code=code,
                ),
                about=version.plan_id.code,
            )
        if component.kind == ComponentKind.USAGE:
            raise Quarantine(
                Reason.INVALID_PAYLOAD,
                self.env._(
                    "A meter counts %s, so nobody tells how many are held of it.", code
                ),
                about="items",
            )
