from odoo import models

from ...canonical.actions import Action
from ...canonical.facts import CREDIT_NOTE_RANK, REFUND_RANK
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


class SaasCutover(models.AbstractModel):
    """Ignores what happened before the cut-over, because the old books have it.

    Its objects are bound without a record, so that what happens to them later is
    understood. Its events are ignored, with a reason that a person sees.
    """

    _name = "saas.cutover"
    _inherit = "saas.handler"
    _description = "SaaS cut-over"

    def _ignore_old_invoices(self, source, items):
        """Ignore invoices from before the cut-over that have no opening item, and
        return the other items. An invoice whose opening item isn't there yet waits for
        it.
        """
        old = [i for i in items if source._is_before_cutover(i.fact.issued_at)]
        bindings = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [item.fact.external_id for item in old]
        )
        for item in old:
            binding = bindings.get(item.fact.external_id)
            if not binding:
                self._open_invoice(source, item)
            elif not binding.res_id:
                item.tenant = binding.tenant_id
                self._ignore(source, item)
        return [item for item in items if not item.error]

    def _open_invoice(self, source, item):
        """Fetch the amount that was still due on an invoice at the cut-over, and let
        its item wait for it.
        """
        external_id = item.fact.external_id
        if source._can_fetch(Kind.OPENING_INVOICE, external_id):
            source._enqueue_fetch(Kind.OPENING_INVOICE, external_id)
            item.park(Kind.INVOICE, external_id)
        else:
            item.quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "An invoice from before the cut-over can't be brought in without "
                    "an API key. Paste one into the source."
                ),
                about="new_api_key",
            )

    def _ignore_old_payments(self, source, items):
        """Ignore the payments made before the cut-over, and return the others."""
        old = [i for i in items if source._is_before_cutover(i.fact.paid_at)]
        # A refund since the cut-over has to know the tenant whose money it was.
        self.env["saas.payments.owner"]._find_payers(source, old)
        claims = []
        for item in old:
            fact = item.fact
            if item.error:
                continue
            claims += [(item, Kind.PAYMENT, ref, fact.external_id) for ref in fact.ids]
            if fact.allocation:
                claims.append(
                    (item, Kind.INVOICE_PAYMENT, fact.allocation, fact.external_id)
                )
            self._ignore(source, item)
        self._bind_without_record(source, claims)
        return [item for item in items if not item.error]

    def _ignore_old_refunds(self, source, items):
        """Ignore the refunds made before the cut-over, and return the others."""
        moments = ("refunded_at", "returned_at")
        return self._ignore_old_objects(
            source, items, Kind.REFUND, Kind.PAYMENT, moments, REFUND_RANK
        )

    def _ignore_old_credit_notes(self, source, items):
        """Ignore the credit notes issued before the cut-over, and return the others."""
        moments = ("issued_at", "voided_at")
        return self._ignore_old_objects(
            source, items, Kind.CREDIT_NOTE, Kind.INVOICE, moments, CREDIT_NOTE_RANK
        )

    def _ignore_old_held_cash(self, source, items):
        """Ignore the changes of held cash before the cut-over, and return the others. A
        change that belongs to a payment is not ignored: the day of the payment decides.
        """
        for item in items:
            fact = item.fact
            if not fact.payment and source._is_before_cutover(fact.changed_at):
                self._ignore(source, item)
        return [item for item in items if not item.error]

    def _ignore_old_objects(self, source, items, kind, parent, moments, ranks):
        """Ignore objects from before the cut-over, and return the other items. One that
        was undone since is left to a person, because what isn't booked here can't be
        reversed here.

        :param kind: the objects' kind; ``parent`` is that of what they belong to, and
            the name of the fact's field with its id.
        :param moments: names of the fact's fields with the moments, aware or None, when
            the object was made and when it was undone.
        :param ranks: the rank of each state.
        """
        made, undone = moments
        claims = []
        for item in items:
            fact = item.fact
            undone_at = getattr(fact, undone)
            if not source._is_before_cutover(getattr(fact, made)):
                continue
            if undone_at and not source._is_before_cutover(undone_at):
                self._refuse_undone(source, item, undone_at)
                continue
            claims.append((item, kind, fact.external_id, getattr(fact, parent)))
            self._ignore(source, item)
        self._bind_without_record(source, claims, lambda fact: ranks.get(fact.state, 0))
        return [item for item in items if not item.error]

    def _bind_without_record(self, source, claims, get_rank=None, get_amount=None):
        """Bind ids that are not bound yet.

        :param claims: tuples of item, kind, external id and the parent's id.
        """
        if not claims:
            return
        known = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", list({kind for _i, kind, _r, _p in claims})),
                ("external_id", "in", list({ref for _i, _k, ref, _p in claims})),
            ]
        )
        taken = {(binding.kind, binding.external_id) for binding in known}
        vals = {
            (kind, ref): self.env["saas.binding"]._prepare_vals(
                source,
                kind,
                ref,
                parent_ref=parent_ref,
                amount=(get_amount or _get_amount)(item.fact),
                before_cutover=True,
                tenant_id=item.tenant.id if item.tenant else False,
                rank=get_rank(item.fact) if get_rank else 0,
            )
            for item, kind, ref, parent_ref in claims
            if (kind, ref) not in taken
        }
        self.env["saas.binding"].create(list(vals.values()))

    def _ask_about_voided(self, source, moves):
        """Ask somebody to take back revenue and tax of opening items that are void:
        the old books have these, so reversing the item can't.
        """
        self.env["saas.activities"]._ask(
            source,
            "mail_activity_opening_voided",
            moves.filtered(lambda move: move.move_type == "entry"),
            self.env._("Void since the cut-over: take back its revenue and tax"),
        )

    def _ignore(self, source, item):
        item.log(Action.BEFORE_CUTOVER)
        item.ignore(
            Reason.BEFORE_CUTOVER,
            self.env._("It happened before the cut-over on %s.", source.cutover_date),
        )


def _get_amount(fact):
    return getattr(fact, "amount", 0)
