from datetime import date, datetime
from decimal import Decimal

import pytz

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..outcome import Gap, Outcome


class SaasComparator(models.AbstractModel):
    """Compares objects of one kind with the records that are booked for them.

    There is one for each kind, ``saas.comparator.<kind>``. It knows facts and our
    records, and no source. It reads in sets, without a query for each object, and
    writes nothing.
    """

    _name = "saas.comparator"
    _description = "SaaS comparator"

    #: Kind of the facts and of the bindings; its record's model.
    _kind = None
    _model = None
    #: Whether what is dated before the cut-over is of other books: nothing to compare.
    _ends_at_cutover = False

    # -- what each kind tells -------------------------------------------------

    def _is_expected(self, fact):
        """Return whether an object that says ``fact`` is to be found here."""
        return True

    def _get_day(self, source, fact):
        """Return the object's own day, in the source's time zone."""
        raise NotImplementedError

    def _get_values(self, source, fact, record, known):
        """Yield what is compared: field, their value and ours. Values are texts,
        days, moments, or Decimals in :meth:`_get_codes`' currencies.

        :param known: as :meth:`_prepare` returned it.
        """
        raise NotImplementedError

    def _get_unbooked_values(self, source, fact, known):
        """Yield field, their value and ours for an object that is known here, with
        nothing booked: it is from before the cut-over, or nothing has happened to it
        that is to be booked.
        """
        return ()

    def _prepare(self, source, facts, bindings):
        """Return what :meth:`_get_values` needs to know, read for all facts at once."""
        return {}

    def _read_others(self, facts):
        """Return what facts of other kinds, which the source tells with those that are
        compared, say of them; it goes with what :meth:`_prepare` returns.
        """
        return {}

    def _get_period_domain(self, source, date_from, date_to):
        """Return the domain of our records whose day is in a period."""
        raise NotImplementedError

    # -- comparing ------------------------------------------------------------

    def _compare(self, source, facts):
        """Return the outcomes of what a source states."""
        others = self._read_others(facts)
        facts = [fact for fact in facts if fact.kind == self._kind]
        bindings = self._get_bindings(source, [fact.external_id for fact in facts])
        facts = [
            fact
            for fact in facts
            if not self._is_left_out(source, fact, bindings.get(fact.external_id))
            and (fact.external_id in bindings or self._is_expected(fact))
        ]
        known = self._prepare(source, facts, bindings)
        if others:
            known = {**known, **others}
        customers = self.env["saas.tenant"]._find(
            source, [fact.customer for fact in facts if fact.customer]
        )
        return [
            self._compare_one(
                source, fact, bindings.get(fact.external_id), known, customers
            )
            for fact in facts
        ]

    def _is_left_out(self, source, fact, binding):
        """Return whether an object is of the books that ended at the cut-over."""
        cutover = self._ends_at_cutover and source.cutover_date
        return bool(cutover) and self._get_day(source, fact) < cutover

    def _compare_one(self, source, fact, binding, known, customers):
        day = self._get_day(source, fact)
        if not binding:
            return Outcome(
                fact.external_id,
                "only_there",
                (Gap("object", theirs=self._describe(source, fact)),),
                tenant=customers.get(fact.customer),
                day=day,
            )
        record = binding._get_record()
        if binding.by_person and not record:
            # It is not here because a person decided so: a difference in sight, which
            # that decision accepts.
            return Outcome(
                fact.external_id,
                "different",
                (Gap("object", theirs=self._describe(source, fact)),),
                tenant=binding.tenant_id,
                day=day,
            )
        if record and record._name != self._model:
            # A person booked it as an entry, which has no values of its own.
            record = None
        values = (
            self._get_values(source, fact, record, known)
            if record
            else self._get_unbooked_values(source, fact, known)
        )
        code, own = self._get_codes(fact, record)
        gaps = tuple(
            Gap(
                name,
                self._format(source, theirs, code),
                self._format(source, ours, own),
            )
            for name, theirs, ours in values
            if (theirs or None) != (ours or None)
        )
        tenant = self._get_tenant(record) if record else customers.get(fact.customer)
        return Outcome(
            fact.external_id,
            "different" if gaps else "matched",
            gaps,
            record,
            tenant,
            day,
        )

    def _get_codes(self, fact, record):
        """Return the currencies' codes of their amounts and of ours."""
        code = getattr(fact, "currency", None) or ""
        own = record.currency_id.name if record and "currency_id" in record else code
        return code, own or code

    def _describe(self, source, fact):
        """Return in a few words what the source has and we don't."""
        return fact.external_id

    def _describe_ours(self, source, record):
        """Return in a few words what we have and the source doesn't."""
        return record.display_name

    def _compare_gone(self, source, external_ids):
        """Return the outcomes of objects that the source has no longer."""
        bindings = self._get_bindings(source, external_ids)
        outcomes = []
        for external_id in external_ids:
            binding = bindings.get(external_id)
            record = binding and binding._get_record()
            if not record or record._name != self._model or self._is_over(record):
                # Neither side has it, or it is over here too, so there is no
                # difference.
                outcomes.append(Outcome(external_id, "matched", record=record or None))
                continue
            outcomes.append(
                Outcome(
                    external_id,
                    "only_here",
                    (Gap("object", ours=self._describe_ours(source, record)),),
                    record,
                    self._get_tenant(record),
                    self._get_our_day(source, record),
                )
            )
        return outcomes

    def _get_tenant(self, record):
        """Return the tenant of our record."""
        return record.saas_tenant_id

    def _is_over(self, record):
        """Return whether nothing is left here of an object that is gone there."""
        return False

    def _get_our_day(self, source, record):
        """Return our record's day."""
        raise NotImplementedError

    # -- what is here ---------------------------------------------------------

    def _get_bindings(self, source, external_ids):
        return self.env["saas.binding"]._find(source, self._kind, external_ids)

    def _get_unseen_domain(self, source, line):
        """Return the domain of bindings of a run's period whose objects the source
        did not list.
        """
        run = line.reconciliation_id
        since = run.date_from
        if self._ends_at_cutover:
            since = max(since, source.cutover_date or since)
        records = (
            self.env[self._model]
            .with_context(active_test=False)
            ._search(self._get_period_domain(source, since, run.date_to))
        )
        return (
            Domain("source_id", "=", source.id)
            & Domain("kind", "=", self._kind)
            & Domain("res_model", "=", self._model)
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "(%s IN %s AND NOT EXISTS (SELECT 1 FROM saas_reconciliation_item "
                    "WHERE line_id = %s AND external_id = %s))",
                    SQL.identifier(alias, "res_id"),
                    records.subselect(),
                    line.id,
                    SQL.identifier(alias, "external_id"),
                )
            )
        )

    # -- values as texts ------------------------------------------------------

    def _format(self, source, value, code):
        """Return a value as people read it, on both sides alike."""
        if isinstance(value, Decimal):
            return f"{value:f} {code}"
        if isinstance(value, datetime):
            zone = pytz.timezone(source.tz)
            local = pytz.utc.localize(value).astimezone(zone)
            return local.strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, date):
            return str(value)
        return value or ""
