from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.kinds import Kind
from ...canonical.reference import Reference

#: The accounting of what is mirrored here, by its model.
_MOVES = {
    "saas.balance.transaction": ("move_id",),
    "saas.dispute": ("move_ids",),
    "saas.payout": ("move_id", "return_move_id"),
}
_MODELS = ("account.move", "account.payment")


class SaasSubscriptionEvent(models.Model):
    """Leads from an event to the documents and payments that its objects are here,
    whichever event wrote them.
    """

    _inherit = "saas.subscription.event"

    move_count = fields.Integer(string="Documents", compute="_compute_record_counts")
    payment_count = fields.Integer(string="Payments", compute="_compute_record_counts")

    def _compute_record_counts(self):
        found = self._find_records()
        for event in self:
            event.move_count = len(found["account.move"][event])
            event.payment_count = len(found["account.payment"][event])

    def _find_records(self):
        """Return the documents and payments of these events: by model and event, those
        that exist.
        """
        # Who may see the records is said where they are opened. The ids are no secret.
        events = self.sudo()
        found = {
            model: {event.id: self.env[model].sudo() for event in events}
            for model in _MODELS
        }
        events._add_logged(found)
        events._add_bound(found)
        result = {}
        for model, by_event in found.items():
            every = self.env[model].sudo().union(*by_event.values()).exists()
            result[model] = {
                event: (by_event[event.id] & every).with_env(self.env) for event in self
            }
        return result

    def _add_logged(self, found):
        """Add what the log says that these events wrote or touched."""
        logged = self.env["saas.sync.log"]._read_group(
            [("event_id", "in", self.ids), ("res_model", "in", _MODELS)],
            ["event_id", "res_model", "res_id"],
        )
        for event, model, res_id in logged:
            found[model][event.id] |= self.env[model].browse(res_id)

    def _add_bound(self, found):
        """Add what the objects are that these events tell of."""
        wanted = {}
        for event in self:
            refs = event.object_refs
            if refs is False:
                # It was processed before this was noted.
                refs = [
                    str(Reference(fact.kind, fact.external_id))
                    for fact in event._read_facts()
                ]
            for ref in refs:
                key = (event.source_id.id, Reference.parse(ref).external_id)
                wanted.setdefault(key, self.browse())
                wanted[key] |= event
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "in", self.source_id.ids),
                # One index has all three.
                ("kind", "in", [kind.value for kind in Kind]),
                ("external_id", "in", [ref for _source, ref in wanted]),
                ("res_model", "in", [*_MODELS, *_MOVES]),
                ("res_id", "!=", False),
            ]
        )
        for binding in bindings:
            records = binding._get_record()
            model = binding.res_model
            if model in _MOVES:
                paths, model = _MOVES[model], "account.move"
                records = self.env[model].union(*(records.mapped(p) for p in paths))
            for event in wanted.get((binding.source_id.id, binding.external_id), ()):
                found[model][event.id] |= records

    def action_view_moves(self):
        """Open the invoices, credit notes and entries of what this event tells of."""
        return self._action_view_found("account.move")

    def action_view_payments(self):
        """Open the payments of what this event tells of."""
        return self._action_view_found("account.payment")

    def _action_view_found(self, model):
        self.ensure_one()
        return self._action_open(self._find_records()[model][self])

    def action_view_records(self):
        """Open the accounting records this event wrote, touched or tells of."""
        self.ensure_one()
        found = self._find_records()
        for model in _MODELS:
            if records := found[model][self]:
                return self._action_open(records)
        raise UserError(
            self.env._(
                "Nothing is booked for this event, so there is no record to open."
            )
        )
