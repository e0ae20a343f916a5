import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...canonical.review.duties import Decision, FourEyes
from ...models import reach
from ...models.roles import check_roles

#: So many of the events that wait for a change are shown with it.
_SHOWN = 200
_COMPANY = "res.company"


class SaasChangePropose(models.TransientModel):
    """Lets a person propose a change of what says how facts are booked: a mapping, a
    rule, the accounts of a source, or who has to sign. The record itself is as it was
    until others have signed; then the change is made by the author's own rights.
    """

    _name = "saas.change.propose"
    _description = "Propose a change"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]

    model = fields.Selection(
        [
            ("saas.product.mapping", "Product mapping"),
            ("saas.tax.mapping", "Tax mapping"),
            ("saas.tax.rule", "Tax rule"),
            ("saas.source", "Source"),
            ("saas.ownership", "Ownership"),
            ("saas.approval.policy", "Approval policy"),
            (_COMPANY, "Company"),
        ],
        string="What",
        required=True,
        default=_COMPANY,
    )
    operation = fields.Selection(
        [("create", "Add"), ("write", "Change"), ("unlink", "Take away")],
        required=True,
        default="write",
    )
    record_ids = fields.Char(
        string="Records",
        default=lambda self: json.dumps(self.env.company.ids),
        help="The ids of the records that are changed, as JSON.",
    )
    change = fields.Text(
        string="Values", default="{}", help="The new values by field, as JSON."
    )
    four_eyes = fields.Selection(
        selection=lambda self: self.env[_COMPANY]._get_saas_four_eyes(),
        string="Who Has to Sign",
        default=lambda self: self.env.company.sudo().saas_four_eyes,
    )
    description = fields.Text(
        string="What Will Be Changed", compute="_compute_description"
    )
    note = fields.Char(
        string="Why",
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.depends("model", "operation", "record_ids", "change", "four_eyes")
    def _compute_description(self):
        for wizard in self:
            wizard.description = wizard.model and "\n".join(wizard._describe_choice())

    @api.model
    def _describe_created(self, records):
        """Return the form of what a person has created already."""
        return self.create(
            {
                "model": records._name,
                "operation": "create",
                "record_ids": "[]",
                "change": json.dumps(records._read_stored(), default=str),
            }
        )

    # -- what is changed ------------------------------------------------------------

    def _get_values(self):
        """Return the new values.

        :raises UserError: if what was stated can't be read.
        """
        if self.model == _COMPANY:
            return {"saas_four_eyes": self.four_eyes}
        try:
            values = json.loads(self.change or "{}")
            if not isinstance(values, dict):
                raise TypeError
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The new values can't be read. Change the record again.")
            ) from error
        return values

    def _get_records(self):
        """Return the records that are changed, as the user sees them."""
        try:
            ids = [int(each) for each in json.loads(self.record_ids or "[]")]
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The records can't be found. Change them again.")
            ) from error
        return self.env[self.model].browse(ids if self.operation != "create" else ())

    def _get_subject(self):
        """Return the records; where one is to be added, what it belongs to."""
        records = self._get_records()
        if records or self.operation != "create":
            return records
        values = self._get_values()
        if values.get("source_id"):
            return self.env["saas.source"].browse(values["source_id"])
        company = values.get("company_id") or self.env.company.id
        return self.env[_COMPANY].browse(company)

    def _get_decided_company(self):
        subject = self._get_subject()
        return subject if subject._name == _COMPANY else super()._get_decided_company()

    def _get_decided_sources(self):
        subject = self._get_subject().sudo()
        if subject._name == "saas.source":
            return subject
        if "source_id" in subject._fields and subject.source_id:
            return subject.source_id
        company = self._get_decided_company()
        sources = self.env["saas.source"].sudo()
        return sources.search([("company_id", "=", company.id)])

    def _get_decision(self):
        """Return the kind of decision; None where the change decides about no books."""
        if self.model == _COMPANY:
            return Decision.POLICY
        values = self._get_values()
        records = self._get_records()
        if self.operation == "create":
            records = records.new(values)
        decisive = records._get_decisive(self.operation, values)
        return decisive and decisive._get_ruled_kind(self.operation, values) or None

    def _get_amount(self):
        """Return what is at stake with the events that wait for the change."""
        if self.model == _COMPANY:
            return 0
        return self._get_ruled()._get_ruled_amount()

    def _get_ruled(self):
        """Return the records, or the one that is to be added, not saved."""
        if self.operation == "create":
            return self._get_records().new(self._get_values())
        return self._get_records()

    def _check_decision(self):
        """Raise unless the user may make this change."""
        records, values = self._get_records(), self._get_values()
        subject = self._get_subject()
        if not subject.exists() or len(subject.exists()) < len(subject):
            raise UserError(
                self.env._("What is to be changed is gone. Look what has become of it.")
            )
        if self.model == _COMPANY:
            return self._check_company(records)
        if values.keys() != records._get_proposable(values).keys():
            raise UserError(
                self.env._(
                    "Only what says how facts are booked is proposed. Change the rest "
                    "on the record itself."
                )
            )
        if self.operation == "create":
            records.browse().check_access("create")
            subject.check_access("read")
            reach.check_given(records, values)
        else:
            records.check_access(self.operation)
            reach.check_given(records, reach.get_moved(records, values))
        return None

    def _check_company(self, companies):
        if self.operation != "write" or len(companies) != 1 or not self.four_eyes:
            raise UserError(
                self.env._("Choose for one company whether somebody else has to sign.")
            )
        check_roles(self.env, ("manager",))
        if not companies <= self.env.companies:
            raise AccessError(
                self.env._("You do not work in this company. Switch to it first.")
            )

    def _decide(self):
        """Make the change, by the rights of whoever is the user."""
        records, values = self._get_records(), self._get_values()
        if self.model == _COMPANY:
            records._set_saas_four_eyes(FourEyes(self.four_eyes), self.note)
        elif self.operation == "create":
            records.create(values)
        elif self.operation == "write":
            records.write(values)
        else:
            records.unlink()
        return {"type": "ir.actions.act_window_close"}

    # -- what is shown ----------------------------------------------------------------

    def _get_shown_events(self):
        if self.model == _COMPANY:
            return self.env["saas.subscription.event"]
        return self._get_ruled()._get_ruled_events().sorted("id")[:_SHOWN]

    def _read_subject(self):
        """Return how the records are now, and which events wait for the change."""
        records = self._get_records().sudo()
        names = [name for name in self._get_values() if name in records._fields]
        if self.operation == "unlink":
            names = [n for n, f in records._fields.items() if f.store and not f.compute]
        waiting = []
        if self.model != _COMPANY:
            waiting = sorted(self._get_ruled()._get_ruled_events().ids)
        stand = records.read(names, load=None) if names else []
        return [records.ids, stand, waiting]

    def _get_key(self):
        """What is added has no id yet: what it is called tells it from others."""
        if self.operation == "create":
            values = self._get_values()
            named = [values.get(n) for n in ("external_id", "kind", "field", "reason")]
            return [self.model, *self._get_subject().ids, *named]
        return [self.model, *super()._get_key()]

    def _name_subject(self):
        labels = dict(self._fields["model"]._description_selection(self.env))
        names = self._get_subject().sudo().mapped("display_name")
        return [f"{labels[self.model]} {name}" for name in names]

    def _describe_choice(self):
        """Return each field that changes, with what it was and what it becomes."""
        records, values = self._get_records(), self._get_values()
        reach.check_given(records, reach.get_moved(records, values))
        labels = dict(self._fields["operation"]._description_selection(self.env))
        lines = [", ".join([labels[self.operation], *self._name_subject()])]
        told = records.sudo().fields_get([*values], ["string", "selection"])
        for name in values:
            if name not in told:
                continue
            was = {
                _show(records, told, name, record[name]) for record in records.sudo()
            }
            becomes = _show(records, told, name, values[name])
            before = f"{', '.join(sorted(was))} → " if was else ""
            if becomes or before:
                lines.append(f"{told[name]['string']}: {before}{becomes}")
        return lines


def _show(records, told, name, value):
    """Return a value as people read it."""
    field = records._fields[name]
    if field.comodel_name:
        if not isinstance(value, models.BaseModel):
            if field.type != "many2one":
                return str(value)
            value = records.env[field.comodel_name].sudo().browse(value or ())
        return ", ".join(value.exists().mapped("display_name")) or "–"
    if field.type == "selection":
        return dict(told[name]["selection"]).get(value) or "–"
    return "–" if value in (False, None, "") else str(value)
