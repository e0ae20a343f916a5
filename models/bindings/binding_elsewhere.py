from odoo import api, fields, models

from ...canonical.facts import ELSEWHERE_KINDS
from ...canonical.kinds import Kind
from ...canonical.reference import Reference

_KINDS = {waiting: kind for kind, waiting in ELSEWHERE_KINDS.items()}
_DOCUMENTS = (Kind.INVOICE, Kind.CREDIT_NOTE)


class SaasBinding(models.Model):
    """Finds the objects of linked sources, and stands for one: money of a gateway that
    another source tells of, or that pays a document of it, is bound there too. Such a
    binding names the gateway's own object, and what is booked is looked up there.
    """

    _inherit = "saas.binding"

    origin_source_id = fields.Many2one(
        "saas.source",
        ondelete="restrict",
        help="The linked source whose money this is.",
    )
    origin_ref = fields.Char(help="The money's main id at that source.")
    is_told = fields.Boolean(
        help="The source itself tells of the money. Otherwise the gateway alone says "
        "what it is for."
    )

    _origin_index = models.Index(
        "(origin_source_id, kind, origin_ref) WHERE origin_source_id IS NOT NULL"
    )

    @api.model
    def _find_elsewhere(self, source, references):
        """Return the bindings in linked sources that references mean, by reference.

        Documents are looked for in the sources that ``source`` takes payments for, and
        money in those that take payments for it.

        :param references: :class:`~...canonical.reference.Reference`, of the kinds that
            events wait for in linked sources.
        """
        references = [Reference(*reference) for reference in set(references)]
        found = {reference: self.browse() for reference in references}
        by_kind = {}
        for kind, ref in references:
            by_kind.setdefault(kind, []).append(ref)
        numbers = by_kind.pop(Kind.LINKED_NUMBER, ())
        for waiting, refs in by_kind.items():
            sources, kind = self._get_place(source, waiting)
            bindings = self.search(
                [
                    ("source_id", "in", sources.ids),
                    ("kind", "=", kind),
                    ("external_id", "in", refs),
                    ("origin_source_id", "=", False),
                ]
            )
            for binding in bindings:
                found[Reference(waiting, binding.external_id)] |= binding
        if numbers:
            for number, binding in self._find_numbers(source.issuer_ids, numbers):
                found[Reference(Kind.LINKED_NUMBER, number)] |= binding
        return found

    @api.model
    def _get_place(self, source, waiting):
        """Return in which linked sources an object may be that an event of ``source``
        waits for, and the object's kind there.

        :param waiting: a kind that events wait for in linked sources, but no number.
        """
        kind = _KINDS[waiting]
        return source.issuer_ids if kind in _DOCUMENTS else source.payer_ids, kind

    @api.model
    def _find_holders(self, source, reference):
        """Return the sources that can be asked for what an event of ``source`` waits
        for, and the reference that it has there. Nobody can be asked for a number.
        """
        sources = source
        if reference.kind in _KINDS:
            sources, kind = self._get_place(source, reference.kind)
            reference = Reference(kind, reference.external_id)
        return sources.filtered(lambda s: s._can_fetch(*reference)), reference

    @api.model
    def _find_numbers(self, issuers, numbers):
        """Yield the documents of sources that have one of the numbers, as pairs of the
        number and the binding. Of what Odoo itself has issued, the number is its name:
        its reference is the customer's own number for it.
        """
        own = issuers.filtered("is_own")
        moves = self.env["account.move"].search(
            [("saas_source_id", "in", (issuers - own).ids), ("ref", "in", numbers)]
        )
        if own:
            # As the unique index of posted numbers has it.
            is_posted = [("state", "=", "posted"), ("name", "!=", "/")]
            moves |= moves.search(
                [
                    ("saas_source_id", "in", own.ids),
                    ("name", "in", list(numbers)),
                    *is_posted,
                ]
            )
        bindings = self.search(
            [
                ("source_id", "in", issuers.ids),
                ("kind", "in", _DOCUMENTS),
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
            ]
        )
        for binding in bindings:
            move = binding._get_record()
            yield move.name if binding.source_id in own else move.ref, binding

    @api.model
    def _find_aliases(self, source, kind, refs):
        """Return what stands in other sources for money of ``source``.

        :param kind: the money's: payments or refunds.
        :param refs: main ids.
        """
        if not source.is_linked:
            return self.browse()
        return self.search(
            [
                ("origin_source_id", "=", source.id),
                ("kind", "=", kind),
                ("origin_ref", "in", list(refs)),
            ]
        )

    @api.model
    def _get_alias_id(self, source, ref):
        """Return by which id money of ``source`` is bound at the issuer of a document,
        which doesn't tell of it itself.
        """
        return f"@{source.id}:{ref}"
