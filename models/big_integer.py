from odoo import fields


class BigInteger(fields.Integer):
    """An integer of 64 bits: minor units of money outgrow PostgreSQL's int4."""

    _column_type = ("int8", "int8")
