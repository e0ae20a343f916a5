from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...canonical.actions import RESOLUTIONS
from ...canonical.reference import Reference
from ..big_integer import BigInteger

#: What may be otherwise in a record that a person said an object is.
_ACCEPTED = frozenset(("amount", "customer", "date", "number", "tax", "total"))


class SaasResolution(models.Model):
    """What a person decided about one object of a source: which record it is, or that
    nothing is to be booked for it.

    A decision holds for the object, whatever events tell of it later. Rows are only
    appended: to change a decision is to add a row, and the newest row of an object
    counts.
    """

    _name = "saas.resolution"
    _description = "SaaS decision"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "external_id"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    kind = fields.Char(required=True, readonly=True)
    external_id = fields.Char(string="ID at Source", required=True, readonly=True)
    choice = fields.Selection(
        [
            ("record", "It is a record that a person made"),
            ("nothing", "Nothing is to be booked"),
            ("open", "It is to be booked after all"),
        ],
        string="Decision",
        required=True,
        readonly=True,
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    event_id = fields.Many2one(
        "saas.subscription.event",
        string="Decided On",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The event that the person had before them.",
    )
    difference = fields.Char(
        readonly=True,
        help="In what the record differs from what the source states. The person has "
        "accepted it.",
    )
    missing_minor = BigInteger(
        string="Missing on Clearing",
        readonly=True,
        help="What the clearing account lacks because of this decision, in the "
        "source's minor units.",
    )
    note = fields.Char(string="Why", readonly=True)
    author_id = fields.Many2one(
        "res.users",
        string="Decided By",
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )

    _object_index = models.Index("(source_id, external_id, kind, id)")

    def write(self, vals):  # pylint: disable=method-required-super
        # There is nothing to call: no change is ever right.
        raise AccessError(
            self.env._(
                "A decision can't be changed: it says what was decided. Decide anew "
                "instead, the newest decision counts."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Decisions can't be deleted: they say why something is booked or not. "
                "Decide anew instead, the newest decision counts."
            )
        )

    @api.model
    def _find(self, source, refs):
        """Return the decisions that hold, by reference. An object that is to be booked
        after all has none.

        :param refs: the :class:`~...canonical.reference.Reference` of objects.
        """
        refs = set(refs)
        if not refs:
            return {}
        rows = self.search(
            Domain("source_id", "=", source.id)
            & Domain("external_id", "in", list({ref.external_id for ref in refs}))
            & Domain("kind", "in", list({ref.kind for ref in refs})),
            order="id",
        )
        newest = {Reference(row.kind, row.external_id): row for row in rows}
        return {
            ref: row
            for ref, row in newest.items()
            if ref in refs and row.choice != "open"
        }

    def _append(self, source, ref, choice, record=None, **vals):
        """Add a decision about an object, and a row of the log.

        :param ref: the object's :class:`~...canonical.reference.Reference`.
        :param record: what the object is, for ``choice`` ``record``.
        :param vals: values of further fields.
        """
        row = self.create(
            {
                "source_id": source.id,
                "kind": ref.kind,
                "external_id": ref.external_id,
                "choice": choice,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                **vals,
            }
        )
        told = [str(ref), record.display_name if record else "", row.note or ""]
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "event_id": row.event_id.id,
                    "action": RESOLUTIONS[choice].value,
                    "res_model": row.res_model or row._name,
                    "res_id": row.res_id or row.id,
                    "detail": ": ".join(filter(None, told)),
                }
            ]
        )
        return row

    def _explains(self, field):
        """Return whether the person accepted that a field of the object differs."""
        self.ensure_one()
        if self.choice == "nothing":
            return field == "object"
        return bool(self.difference) and field in _ACCEPTED

    def _tell(self):
        """Return in a sentence what differs and why that was accepted."""
        return self.difference or self._describe()

    def _describe(self):
        """Return the sentence that says what was decided, when, by whom and why."""
        self.ensure_one()
        return self.env._(
            "Decided on %(day)s by %(user)s that nothing is to be booked for "
            "%(object)s: %(note)s",
            day=fields.Date.to_string(self.create_date),
            user=self.author_id.login,
            object=self.external_id,
            note=self.note or "",
        )

    def action_open_record(self):
        """Open the record that the object is."""
        self.ensure_one()
        if not self.res_id:
            raise UserError(
                self.env._("There is no record: nothing is booked for this object.")
            )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "view_mode": "form",
            }
        )
