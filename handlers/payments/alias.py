from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import Cause, Reason
from ...canonical.reference import Reference

_WAITING = {Kind.PAYMENT: Kind.LINKED_PAYMENT, Kind.REFUND: Kind.LINKED_REFUND}
#: The entry that takes money back that did not stay where it was, by its kind.
_BACK = {Kind.PAYMENT: Kind.PAYMENT_FAILURE, Kind.REFUND: Kind.REFUND_RETURN}


class SaasPaymentsAlias(models.AbstractModel):
    """Handles money that a source tells of and a linked gateway has moved. The gateway
    owns money: it is booked once, as the gateway tells it. Here it gets a binding that
    stands for it, and closes what this source says it pays.

    What was booked here, before the sources were linked, is taken back.
    """

    _name = "saas.payments.alias"
    _description = "SaaS money told twice"

    def _apply_payments(self, source, items):
        """Handle the payments that a linked gateway took.

        :return: the other items: their money is the source's own.
        """
        if not source.is_linked:
            return items
        origins, rest = self._find_origins(source, Kind.PAYMENT, items)
        if not origins:
            return rest
        opened = self._undo(source, Kind.PAYMENT, origins)
        fit = self.env["saas.payments.fit"]
        paid = {item: fit._get_payments(origin) for item, origin in origins.items()}
        new = self._bind(source, origins)
        opened |= self._end_guesses(source, Kind.PAYMENT, origins)
        due = [i for i, p in paid.items() if fit._has_currency(i, p.move_id)]
        self.env["saas.payments.allocation"]._settle(source, due)
        self.env["saas.ledger.settlement"]._reconcile(source, opened)
        invoices = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [ref for item in due for ref in item.fact.invoices]
        )
        for item, origin in origins.items():
            item.tenant = origin._get_tenant()
            if item in new:
                self._log(item, origin)
            if item in due:
                moves = self.env["account.move"].union(
                    *(
                        invoices[ref]._get_record() or paid[item].move_id.browse()
                        for ref in item.fact.invoices
                        if ref in invoices
                    )
                )
                fit._check_same(item, paid[item])
                fit._check_tenant(origin.source_id, item, moves, paid[item])
        return rest

    def _apply_refunds(self, source, items):
        """Handle the refunds that a linked gateway made.

        :return: the other items.
        """
        if not source.is_linked:
            return items
        origins, rest = self._find_origins(source, Kind.REFUND, items)
        rest = self._refuse_nameless(source, rest)
        if not origins:
            return rest
        opened = self._undo(source, Kind.REFUND, origins)
        fit = self.env["saas.payments.fit"]
        new = self._bind(source, origins)
        opened |= self._end_guesses(source, Kind.REFUND, origins)
        told = {(Kind.REFUND, item.fact.external_id): item for item in origins}
        self.env["saas.ledger.settlement"]._reconcile(source, opened | told)
        for item, origin in origins.items():
            item.tenant = origin._get_tenant()
            if item in new:
                self._log(item, origin)
            payments = fit._get_payments(origin)
            if fit._has_currency(item, payments.move_id):
                fit._check_same(item, payments)
        self.env["saas.handler.refund"]._update_activities(
            source, [item.fact.external_id for item in origins]
        )
        return rest

    def _find_origins(self, source, kind, items):
        """Return the gateways' bindings of the money that they moved, by item, and the
        items whose money is the source's own. What its gateway has not told yet waits.
        """
        known = self._find_known(source, kind, items)
        named = {
            item: gateways
            for item in items
            if not item.decision
            and (ref := item.fact.gateway_ref)
            and (gateways := source._find_gateways(ref.system))
        }
        found = self.env["saas.binding"]._find_elsewhere(
            source,
            [(_WAITING[kind], item.fact.gateway_ref.external_id) for item in named],
        )
        origins, rest = {}, []
        for item in items:
            if item.fact.external_id in known and not item.decision:
                origins[item] = known[item.fact.external_id]
            elif item in named:
                ref = Reference(_WAITING[kind], item.fact.gateway_ref.external_id)
                own = found[ref].filtered(
                    lambda b, among=named[item]: b.source_id in among
                )
                if len(own) > 1:
                    self._refuse_unclear(item)
                elif own:
                    origins[item] = own
                else:
                    item.park(*ref)
            else:
                rest.append(item)
        return origins, rest

    def _find_known(self, source, kind, items):
        """Return the gateways' bindings of money that stands here already, by the main
        id that it has here.
        """
        main = "parent_ref" if kind == Kind.PAYMENT else "external_id"
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", kind),
                (main, "in", [item.fact.external_id for item in items]),
                ("origin_source_id", "!=", False),
            ]
        )
        known = {}
        for gateway, own in bindings.grouped("origin_source_id").items():
            found = self.env["saas.binding"]._find(
                gateway, kind, own.mapped("origin_ref")
            )
            known |= {
                b[main]: found[b.origin_ref] for b in own if b.origin_ref in found
            }
        return known

    def _refuse_unclear(self, item):
        item.quarantine(
            Reason.MISSING_REFERENCE,
            self.env._(
                "Several linked gateways have %s.", item.fact.gateway_ref.external_id
            ),
            Cause.LINK_UNCLEAR.of(item.fact.gateway_ref.external_id),
        )

    def _refuse_nameless(self, source, items):
        """Leave refunds to a person that give back a gateway's money, and don't say
        which refund of the gateway they are; return the others.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, [i.fact.payment for i in items if i.fact.payment]
        )
        for item in items:
            paid = bindings.get(item.fact.payment)
            if paid and paid.origin_source_id and not item.decision:
                item.quarantine(
                    Reason.MISSING_REFERENCE,
                    self.env._(
                        "%(gateway)s took this payment and tells its refunds. This "
                        "refund doesn't name one of them.",
                        gateway=paid.origin_source_id.name,
                    ),
                )
        return [item for item in items if not item.error]

    def _undo(self, source, kind, origins):
        """Take back what is booked here of money that gateways have moved.

        :return: because of which items what is open again is looked at, by kind and id.
        """
        refs = [item.fact.external_id for item in origins]
        booked = self.env["saas.ledger.payment"]._find(source, refs)
        items = [item for item in origins if item.fact.external_id in booked]
        if not items:
            return {}
        ids = {ref: i for i in items for ref in _get_ids(i.fact)}
        backs = self.env["saas.binding"]._find_with_parts(
            source, (_BACK[kind],), [*ids, *(i.fact.external_id for i in items)]
        )
        backs = backs.filtered("res_id")
        none = self.env["account.move"]
        rows = []
        for item in items:
            main = item.fact.external_id
            own = backs.filtered(
                lambda b, main=main: main in (b.external_id, b.parent_ref)
            )
            entries = none.union(*(b._get_move() for b in own))
            rows.append((item, booked[main], entries))
        self.env["saas.ledger.payments.elsewhere"]._undo(source, rows)
        backs.write({"res_model": False, "res_id": False})
        return self.env["saas.settlement"]._get_items(source, kind, ids)

    def _bind(self, source, origins):
        """Bind money here, by all ids that it goes by, to what its gateway has booked.

        :return: the items whose money was not bound so.
        """
        bindings = self.env["saas.binding"]
        every = [ref for item in origins for ref in _get_ids(item.fact)]
        kind = next(iter(origins)).fact.kind
        known = bindings._find(source, kind, every)
        new, vals_list = [], []
        for item, origin in origins.items():
            record = origin._get_record()
            vals = {
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "origin_source_id": origin.source_id.id,
                "origin_ref": origin.parent_ref
                if kind == Kind.PAYMENT
                else origin.external_id,
                "is_told": True,
            }
            for ref in _get_ids(item.fact):
                binding = known.get(ref)
                if binding and binding.origin_source_id:
                    continue
                if item not in new:
                    new.append(item)
                if binding:
                    binding.write(vals)
                    continue
                is_payment = kind == Kind.PAYMENT
                vals_list.append(
                    {
                        "source_id": source.id,
                        "kind": kind,
                        "external_id": ref,
                        "parent_ref": item.fact.external_id
                        if is_payment
                        else item.fact.payment,
                        "amount": item.fact.amount,
                        **vals,
                    }
                )
        bindings.create(vals_list)
        return new

    def _end_guesses(self, source, kind, origins):
        """Take money off the documents of this source that the gateway alone said it
        was for: the source itself tells now.

        :return: because of which items what is open again is looked at, by kind and id.
        """
        items = {}
        for item, origin in origins.items():
            main = origin.parent_ref if kind == Kind.PAYMENT else origin.external_id
            items[origin.source_id, main] = item
        guesses = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", kind),
                ("origin_ref", "in", [ref for _source, ref in items]),
                ("is_told", "=", False),
            ]
        )
        opened = {}
        for guess in guesses:
            item = items.get((guess.origin_source_id, guess.origin_ref))
            if item:
                for key in self.env["saas.ledger.payments.elsewhere"]._end(guess):
                    opened[key] = item
        return opened

    def _log(self, item, origin):
        record = origin._get_record()
        item.log(
            Action.MONEY_TOLD_TWICE,
            record,
            f"{item.fact.external_id} {origin.source_id.name} {origin.external_id}",
        )


def _get_ids(fact):
    """Return all ids that money goes by; a refund has one."""
    return getattr(fact, "ids", (fact.external_id,))
