from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.safe_eval import safe_eval

from ..canonical.actions import Action
from ..canonical.marks import PIPELINE, RELINKING
from . import reach
from .roles import check_roles

#: What was booked went by these, so they never change once they are set.
FIXED_LINKS = frozenset(("company_id", "source_id", "tenant_id", "platform_id"))
#: A drain may learn which tenant an event belongs to; it says so in the log.
_LEARNED = frozenset(("tenant_id",))
#: The chatter has a history of its own.
_OF_CHATTER = ("message_", "activity_", "website_message_", "rating_")


class SaasGuardedMixin(models.AbstractModel):
    """Guards every model of this app that has records.

    - A caller links only to records they may reach: checked before a write and after.
    - The company, source, tenant and platform of a record never change once set, not
      even as superuser: a public method that passes on a caller's values must not move
      a record either. :meth:`_relink` is the gate for own code.
    - What is declared ``readonly`` is written by own code alone.
    - Each change by a person has a row in the sync log.
    """

    _name = "saas.guarded.mixin"
    _description = "SaaS guarded record"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_code_only(vals)
            reach.check_given(self, vals)
        records = super().create(vals_list)
        records.check_access("create")
        reach.check_became(records, self._fields)
        records._log_by_person(Action.CREATED_BY_PERSON)
        return records

    def write(self, vals):
        if self.env.su:
            self._check_fixed_links(vals)
            return super().write(vals)
        self.check_access("write")
        self._check_fixed_links(vals)
        self._check_code_only(vals)
        names = list(vals)
        moved = reach.get_moved(self, vals)
        reach.check_given(self, moved)
        result = super().write(vals)
        self.check_access("write")
        reach.check_became(self, moved)
        self._log_by_person(Action.CHANGED_BY_PERSON, names)
        return result

    def unlink(self):
        if self.env.su or self._transient:
            return super().unlink()
        rows = self._prepare_person_rows(Action.DELETED_BY_PERSON)
        result = super().unlink()
        self.env["saas.sync.log"].sudo()._append(rows)
        return result

    @api.model
    def default_get(self, fields):
        """Refuse what the caller's context, or a default of their own, links to."""
        defaults = super().default_get(fields)
        if not self.env.su:
            reach.check_given(self, defaults)
        return defaults

    def onchange(self, values, field_names, fields_spec):
        """Refuse links the caller may not reach: the answer has the targets' names."""
        if not self.env.su:
            self.check_access("write" if self else "create")
            reach.check_given(self, reach.get_moved(self, values))
        return super().onchange(values, field_names, fields_spec)

    def _has_field_access(self, field, operation):
        """Return whether the user may read or write a field: on a stored model of this
        app, only code writes a read-only field.
        """
        if operation == "write" and not self.env.su and self._is_code_only(field):
            return False
        return super()._has_field_access(field, operation)

    def _is_code_only(self, field):
        return field.readonly and not self._transient

    def _check_access(self, operation):
        result = super()._check_access(operation)
        access = self.env["ir.model.access"]
        if not result or not access.check(self._name, operation, raise_exception=False):
            return result
        forbidden, make_core_error = result
        return forbidden, partial(reach.make_rule_error, forbidden, make_core_error)

    def _check_links(self):
        """Raise unless the caller may reach all that these records link to: for a
        method that goes on as superuser with what a caller has chosen before.
        """
        self.check_access("read")
        reach.check_became(self, self._fields)

    def _check_may_act(self, *roles):
        """Raise unless the user sees all these records, and has one of the roles: the
        one place that says who may press a button which goes on as superuser.

        :param roles: of :data:`~.roles.ROLES`, such as ``reviewer``.
        """
        self.check_access("read")
        check_roles(self.env, roles)

    def _in_company(self, action):
        """Return a window action that acts in the company of these records, whichever
        is current on the user's screen: what is created there belongs to it.
        """
        if len(self.company_id) != 1:
            return action
        context = action.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, {"uid": self.env.uid})
        return {
            **action,
            "context": {**context, "allowed_company_ids": self.company_id.ids},
        }

    def _check_code_only(self, vals):
        """Raise if a person states what is written by own code alone."""
        names = [
            name
            for name in vals
            if name in self._fields and self._is_code_only(self._fields[name])
        ]
        if names:
            label = self._fields[names[0]].get_description(self.env, ["string"])
            raise AccessError(
                self.env._(
                    "The %(field)s can't be set by hand: the app writes it itself. "
                    "Leave it out when you save or import.",
                    field=label["string"],
                )
            )

    def _check_fixed_links(self, vals):
        """Raise if a link that is set would be moved, whoever asks."""
        names = FIXED_LINKS & vals.keys() & self._fields.keys()
        if self._transient or RELINKING.is_in(self.env):
            return
        if PIPELINE.is_in(self.env):
            names -= _LEARNED
        for name in names:
            links = self.sudo().mapped(name)
            if any(link.id != vals[name] for link in links):
                label = self._fields[name].get_description(self.env, ["string"])
                raise AccessError(
                    self.env._(
                        "The %(field)s can't be changed any more, since entries were "
                        "booked with it. Create a new record instead.",
                        field=label["string"],
                    )
                )

    def _relink(self, vals, detail):
        """Move links that nobody else may move: the gate for own code, such as a merge
        or an upgrade. Never call it with what a caller has chosen.

        :param vals: values of the links to move.
        :param detail: one sentence for the log: why, without personal data.
        """
        records = self.sudo()
        records.with_context(**RELINKING.in_context()).write(vals)
        self.env["saas.sync.log"].sudo()._append(
            records._prepare_log_rows(
                Action.LINK_MOVED, ": ".join((", ".join(sorted(vals)), detail))
            )
        )

    # -- the log ---------------------------------------------------------------

    def _log_by_person(self, action, names=()):
        """Note in the sync log what a person did, with the names of the fields."""
        if not self._transient:
            rows = self._prepare_person_rows(action, names)
            self.env["saas.sync.log"].sudo()._append(rows)

    def _prepare_person_rows(self, action, names=()):
        told = sorted(name for name in names if not name.startswith(_OF_CHATTER))
        if names and not told:
            return []
        return self._prepare_log_rows(action, ", ".join(told))

    def _prepare_log_rows(self, action, detail):
        return [
            {
                "source_id": source.id,
                "action": action.value,
                "res_model": record._name,
                "res_id": record.id,
                "detail": detail or False,
            }
            for record in self.sudo()
            if (source := record._get_log_source())
        ]

    def _get_log_source(self):
        """Return the source in whose log a change of this record is noted."""
        self.ensure_one()
        return self.source_id if "source_id" in self._fields else None

    def _get_log_of_company(self):
        """Return the source whose log tells of what is the company's: its first one;
        an empty recordset if the company has none, and so no log.
        """
        own = [("company_id", "=", self.company_id.id)]
        return self.env["saas.source"].sudo().search(own, order="id", limit=1)
