import json

from odoo import api, models
from odoo.exceptions import RedirectWarning

from ..canonical.marks import Signed, Sink
from ..canonical.review.duties import CHANGE_FORM


class SaasRuledMixin(models.AbstractModel):
    """A record that says how facts are booked. Where a person's change of it needs a
    signature, the change is refused and the way to propose it is shown: whichever form,
    import or call it comes by. What was signed, and own code, passes.
    """

    _name = "saas.ruled.mixin"
    _description = "SaaS record that is changed by signature"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if records._is_by_person():
            for record in records:
                # With the defaults, which a proposal would not have again.
                record._check_signed("create", record._read_stored())
        return records

    def write(self, vals):
        if self._is_by_person():
            self._check_signed("write", vals)
        return super().write(vals)

    def unlink(self):
        if self._is_by_person():
            self.check_access("unlink")
            self._check_signed("unlink", {})
        return super().unlink()

    def _is_by_person(self):
        """Return whether a person changes these records, and it counts."""
        env = self.env
        return not (env.su or self._transient or Signed.get(env) or Sink.get(env))

    def _check_signed(self, operation, vals):
        """Raise where a change has to be proposed, with the way to do so.

        :param operation: ``create``, ``write`` or ``unlink``.
        """
        records = self._get_decisive(operation, vals)
        kind = records and records._get_ruled_kind(operation, vals)
        if not kind:
            return
        amount = records._get_ruled_amount()
        policies = self.env["saas.approval.policy"]
        for company in records.sudo().company_id:
            if policies._count_needed(company, kind, amount):
                raise self._make_proposal(operation, vals)
            if operation == "create" and policies._is_drawn(company, kind):
                self.env["saas.approval"]._draw(self, kind, amount)

    def _read_stored(self):
        """Return the values that this record was created with, as plain values."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store
            and not field.related
            and not field.compute
            and field.type not in ("one2many", "many2many")
            and name not in models.MAGIC_COLUMNS
        ]
        [values] = self.sudo().read(names, load=None)
        return {
            name: value for name, value in values.items() if name in names and value
        }

    def _make_proposal(self, operation, vals):
        """Return the error that leads to the form that proposes a change."""
        ids = [] if operation == "create" else self.ids
        vals = self._get_proposable(vals)
        return RedirectWarning(
            self.env._(
                "Somebody else has to sign this change, so it is not saved. Propose "
                "it: a finance approver is asked, and it counts as soon as they have "
                "signed."
            ),
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Propose a Change"),
                "res_model": CHANGE_FORM,
                "views": [[False, "form"]],
                "view_mode": "form",
                "target": "new",
            },
            self.env._("Propose"),
            {
                "default_model": self._name,
                "default_operation": operation,
                "default_record_ids": json.dumps(ids),
                "default_change": json.dumps(vals, default=str),
            },
        )

    def _is_changed(self, name, value):
        """Return whether a value is another one than this record has."""
        field, record = self._fields.get(name), self.sudo()
        if field is None:
            return False
        cached = field.convert_to_cache(value, record, validate=False)
        return field.convert_to_record(cached, record) != record[name]

    def _get_changed(self, operation, vals):
        """Return those of these records that are otherwise after a change."""
        if operation != "write":
            return self
        return self.filtered(
            lambda record: any(record._is_changed(*pair) for pair in vals.items())
        )

    def _get_decisive(self, operation, vals):
        """Return those of these records whose change decides about books."""
        return self

    def _get_proposable(self, vals):
        """Return the part of values that a proposal may hold: it is kept for good and
        shown, so no secrets.
        """
        return vals

    def _get_ruled_kind(self, operation, vals):
        """Return the kind of decision that a change is, or None where it is none."""
        return None

    def _get_ruled_events(self):
        """Return the events that wait for what these records say."""
        return self.env["saas.subscription.event"]

    def _get_ruled_amount(self):
        """Return what is at stake with these records; None: not known."""
        return self._get_ruled_events()._sum_stakes()
