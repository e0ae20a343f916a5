from odoo import api, fields, models
from odoo.fields import Domain

from ..big_integer import BigInteger


class SaasBinding(models.Model):
    """Says which record an object of a source is. Each object has one binding, so
    nothing is booked twice.

    One record may have several ids: a payment has its own, and that of the attempt that
    succeeded. A binding without a record stands for an object that is known and has
    nothing to book.
    """

    _name = "saas.binding"
    _description = "SaaS binding"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _rec_name = "external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    kind = fields.Char(required=True)
    external_id = fields.Char(required=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    rank = fields.Integer(help="The rank of the object's state. It never goes back.")
    version = fields.Char(
        help="The version of the newest snapshot seen, for kinds whose states have no "
        "rank."
    )
    parent_ref = fields.Char(
        help="The object's own parent at the source, such as a refund's payment."
    )
    amount = BigInteger(
        help="The amount in the source's minor units, for kinds that have one."
    )
    date = fields.Date(
        help="When it happened, for what is not booked yet, or is booked on the day "
        "its money moved."
    )
    certainty = fields.Integer(
        help="How well that day is known: the higher the better."
    )
    started_at = fields.Datetime(help="Since when a part of a payment pays an invoice.")
    ended_at = fields.Datetime(
        help="Since when it doesn't any longer; of an invoice, when it last listed "
        "all that pays it."
    )
    states = fields.Json(
        help="The version of the newest snapshot of each state that was told, for "
        "kinds whose states may go back."
    )

    _external_unique = models.UniqueIndex("(source_id, kind, external_id)")
    _record_index = models.Index("(res_model, res_id)")
    _parent_index = models.Index(
        "(source_id, kind, parent_ref) WHERE parent_ref IS NOT NULL"
    )

    @api.model
    def _find(self, source, kind, external_ids):
        """Return the bindings of a source's objects of one kind, by external id."""
        return self._find_kinds(source, [kind], external_ids)[kind]

    @api.model
    def _find_kinds(self, source, kinds, external_ids):
        """Return the bindings of a source's objects by kind, and by external id."""
        bindings = self.search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", kinds),
                ("external_id", "in", list(set(external_ids))),
            ]
        )
        found = {kind: {} for kind in kinds}
        for binding in bindings:
            found[binding.kind][binding.external_id] = binding
        return found

    @api.model
    def _find_with_parts(self, source, kinds, refs):
        """Return the bindings of kinds that have one of the ids, and those of what
        belongs to one of these.
        """
        refs = list(refs)
        return self.search(
            Domain("source_id", "=", source.id)
            & Domain("kind", "in", kinds)
            & (Domain("external_id", "in", refs) | Domain("parent_ref", "in", refs))
        )

    @api.model
    def _prepare_vals(self, source, kind, external_id, record=None, **vals):
        """Return the values of a new binding.

        :param record: what the object is here; empty or None if nothing is booked.
        :param vals: values of further fields.
        """
        return {
            "source_id": source.id,
            # Left to the ORM, it would be written by a statement of its own.
            "company_id": source.company_id.id,
            "kind": kind,
            "external_id": external_id,
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
            **vals,
        }

    def _get_record(self):
        """Return the bound record, or None where there is nothing booked. Records
        whose bindings were read together are read together too.
        """
        self.ensure_one()
        if not self.res_id:
            return None
        record = self.env[self.res_model].browse(self.res_id)
        return record.with_prefetch(_BoundIds(self))


class _BoundIds:
    """The ids of the records that a binding, and the bindings read together with it,
    are bound to.
    """

    def __init__(self, binding):
        self._siblings = binding.browse(binding._prefetch_ids)
        self._model = binding.res_model

    def __iter__(self):
        return (
            sibling.res_id
            for sibling in self._siblings
            if sibling.res_id and sibling.res_model == self._model
        )

    def __reversed__(self):
        return reversed(list(self))
