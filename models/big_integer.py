from odoo import fields
from odoo.tools import SQL, sql


class BigInteger(fields.Integer):
    """An integer of 64 bits: minor units of money outgrow PostgreSQL's int4."""

    _column_type = ("int8", "int8")


def widen_ids(model):
    """Give a model ids of 64 bits: those of what is metered outgrow PostgreSQL's int4,
    and an upsert uses up an id whether it inserts or not. For the model's ``init``.
    """
    columns = sql.table_columns(model.env.cr, model._table)
    if columns["id"]["udt_name"] == "int8":
        return
    table = SQL.identifier(model._table)
    sequence = SQL.identifier(f"{model._table}_id_seq")
    model.env.cr.execute(SQL("ALTER TABLE %s ALTER COLUMN id TYPE bigint", table))
    model.env.cr.execute(SQL("ALTER SEQUENCE %s AS bigint", sequence))
