"""Checks whether the caller may link to the records that they link to.

Odoo checks a caller's access to the record that is written, and before the write only.
It does not check what the record is made to point at: that is done here, before and
after. Before, since Odoo's own check of companies quotes the names of other companies'
records; after, since defaults and inverses have their say during the write.
"""

from odoo import Command
from odoo.exceptions import AccessError

_RELATIONS = ("many2one", "many2many", "one2many")
#: Odoo sets these itself.
_OF_ODOO = ("create_uid", "write_uid")
#: Commands that name a record which is there already.
_WITH_ID = (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK)


def check_given(model, vals):
    """Raise unless the caller may link to all that their values name.

    :param model: an empty or other recordset, in the caller's environment.
    :param vals: values as of ``create``, ``write`` or ``onchange``; unknown fields are
        left to Odoo.
    :raises AccessError: in words of our own, which name no record.
    """
    for name, value in vals.items():
        field = model._fields.get(name)
        if value and field is not None and field.type in _RELATIONS:
            _check_value(model, field, value)


def get_moved(records, vals):
    """Return the part of ``vals`` that would change a link of ``records``. A value that
    repeats a link is left out: an account may be connected to a platform that its own
    people don't see.
    """
    return {
        name: value
        for name, value in vals.items()
        if (field := records._fields.get(name)) is None
        or field.type != "many2one"
        or not records
        or records.sudo().mapped(name).ids != [_get_id(value)]
    }


def check_became(records, names):
    """Raise unless the caller may link to what these fields of ``records`` hold now.

    :param names: names of fields; others than stored links are left out.
    :raises AccessError: as :func:`check_given` does.
    """
    for name in names:
        field = records._fields.get(name)
        if (
            field is None
            or not field.store
            or field.type not in ("many2one", "many2many")
            or name in _OF_ODOO
        ):
            continue
        targets = records.sudo()[name].with_env(records.env)
        if not is_in_reach(targets):
            raise _make_error(records, field)


def is_in_reach(targets):
    """Return whether the caller may link to all of ``targets``: to companies they are
    working in, and to what belongs to one of these or to none, unless a record rule
    keeps it from them. A role need not read a model to link to it: a manager has no
    rights in accounting, and chooses the journals of a source.
    """
    if not targets:
        return True
    if len(targets.sudo().exists()) < len(targets):
        return False
    companies = targets.env.companies
    if targets._name == "res.company":
        return targets <= companies
    if targets.browse().has_access("read") and not targets.has_access("read"):
        return False
    if not {"company_id", "company_ids"} & targets._fields.keys():
        return True
    domain = targets._check_company_domain(companies)
    return targets.sudo().filtered_domain(domain) == targets.sudo()


def make_rule_error(records, make_core_error):
    """Return an error for records that a record rule keeps from the caller.

    Odoo's own quotes the names of the records to whoever has switched on the developer
    mode. The way to another company of the caller's own is kept.
    """
    error = AccessError(
        records.env._(
            "This record (%s) belongs to a company that you are not working in. "
            "Switch to its company, or ask an administrator for access to it.",
            records.env["ir.model"]._get(records._name).name,
        )
    )
    context = getattr(make_core_error(), "context", None)
    if context:
        error.context = context
    return error


def _check_value(model, field, value):
    comodel = model.env[field.comodel_name]
    if field.type == "many2one":
        # An onchange of a line states the record that the line is part of.
        ids, nested = [_get_id(value)], [value] if isinstance(value, dict) else []
    else:
        ids, nested = _read_commands(value)
    targets = comodel.browse(filter(None, ids))
    if not is_in_reach(targets):
        raise _make_error(model, field)
    for vals in nested:
        check_given(comodel, vals)


def _get_id(value):
    """Return the id in a value of a many2one, however a caller states it: PostgreSQL
    takes the text "5" for one too, and an onchange states a dict.
    """
    if isinstance(value, dict):
        value = value.get("id")
    elif isinstance(value, list | tuple):
        value = value[0] if value else None
    value = getattr(value, "id", value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _read_commands(value):
    """Return the ids and the values in the value of an x2many: commands, or ids."""
    ids, nested = [], []
    for item in getattr(value, "ids", value):
        if not isinstance(item, list | tuple):
            ids.append(_get_id(item))
            continue
        code, id_, vals = (*item, None, None)[:3]
        if code in _WITH_ID:
            ids.append(_get_id(id_))
        elif code == Command.SET:
            ids += map(_get_id, vals or ())
        if code in (Command.CREATE, Command.UPDATE) and isinstance(vals, dict):
            nested.append(vals)
    return ids, nested


def _make_error(model, field):
    label = field.get_description(model.env, ["string"])["string"]
    return AccessError(
        model.env._(
            "The %(field)s you chose belongs to a company that you are not working "
            "in. Choose another one, or switch to its company first.",
            field=label,
        )
    )
