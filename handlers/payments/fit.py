from odoo import models

from ...canonical.kinds import Kind
from ...canonical.reasons import Cause, Reason
from .sum import get_amount


class SaasPaymentsFit(models.AbstractModel):
    """Says whether money fits the documents of linked sources that it is for. Nothing
    is forced: what fits is reconciled, the rest stays open credit of whoever paid, and
    a person is told.
    """

    _name = "saas.payments.fit"
    _description = "SaaS fit of money and documents"

    def _has_currency(self, item, moves):
        """Return whether money has the currency of all its documents; leave it to a
        person if it has not: no rate makes one of two.
        """
        others = set(moves.currency_id.mapped("name")) - {item.fact.currency}
        if not others:
            return True
        item.quarantine(
            Reason.CURRENCY_MISMATCH,
            self.env._(
                "%(money)s is of %(own)s, but what it is for is in %(other)s. It stays "
                "open credit.",
                money=item.fact.external_id,
                own=item.fact.currency,
                other=", ".join(sorted(others)),
            ),
            Cause.LINK_UNEQUAL.of(item.fact.external_id),
        )
        return False

    def _check_tenant(self, source, item, moves, payments):
        """Leave to a person money whose documents are of another contact, unless who
        paid is billed for them, or the source lets it be transferred there.
        """
        payer = payments.saas_tenant_id
        contacts = payments.partner_id | payer.partner_id
        own = contacts.commercial_partner_id
        others = moves.filtered(
            lambda move: (
                move.commercial_partner_id not in own
                and not payer._pays_for(move.saas_tenant_id)
            )
        )
        if not others or not payments or source.transfers_receivables:
            return
        item.quarantine(
            Reason.DUPLICATE_CUSTOMER,
            self.env._(
                "%(money)s is for %(document)s, which is another customer's. It stays "
                "open credit of the customer who paid.",
                money=item.fact.external_id,
                document=others[0].ref or others[0].name,
            ),
            Cause.LINK_UNEQUAL.of(item.fact.external_id),
        )

    def _check_most(self, item, stated, most):
        """Leave to a person money that is more than it can be for.

        :param stated: what it is, a Decimal in the currency of the item's fact.
        :param most: what that must not exceed.
        """
        if stated > most:
            self._refuse_amount(item, stated, most)

    def _check_same(self, item, payments):
        """Leave to a person money that two sources state differently."""
        if not payments:
            return
        stated, booked = item.fact.decimal(item.fact.amount), get_amount(payments)
        is_part = bool(getattr(item.fact, "allocation", None))
        if stated > booked or (stated < booked and not is_part):
            self._refuse_amount(item, stated, booked)

    def _refuse_amount(self, item, stated, known):
        item.quarantine(
            Reason.AMOUNT_MISMATCH,
            self.env._(
                "%(money)s states %(stated)s %(currency)s, but there are %(known)s "
                "%(currency)s to settle. What is left stays open credit.",
                money=item.fact.external_id,
                stated=stated,
                currency=item.fact.currency,
                known=known,
            ),
            Cause.LINK_UNEQUAL.of(item.fact.external_id),
        )

    def _get_payments(self, binding):
        """Return what is booked of the money that a binding is of."""
        record = binding._get_record()
        if binding.kind == Kind.PAYMENT:
            booked = self.env["saas.ledger.payment"]._find(
                binding.source_id, [binding.parent_ref]
            )
            return booked.get(binding.parent_ref, self.env["account.payment"])
        if record and record._name == "account.payment":
            return record
        return self.env["account.payment"]
