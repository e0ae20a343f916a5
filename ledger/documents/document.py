"""A document before it is booked."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Document:
    """An invoice or credit note to be booked because of an item.

    ``fact`` states its lines, taxes and total, each amount rounded ``roundings`` times;
    it is bound by ``kind`` and the fact's id, with the further values in ``binding``.
    ``lines`` come from :meth:`SaasLedgerDocument._prepare_line_vals`. ``credited`` is
    the invoice that a credit note belongs to. ``is_object``: the source has this
    document, so it shows the id and a state; a loss with tax relief is none of its
    own. ``stated`` are its sums by tax where no fact states them, ``vals`` more values
    of the move, and ``adjust`` is called with the draft. ``is_own``: it is issued
    here, so its taxes are Odoo's, and only what it comes to without them is stated.
    ``crediting`` is what a credit note is for, if not what the company says: a value of
    ``canonical/revenue/recut.Crediting``.
    """

    item: object
    fact: object
    kind: str
    date: object
    currency: object
    lines: list
    move_type: str = "out_refund"
    due_date: object = None
    credited: object = None
    is_object: bool = True
    roundings: int = 1
    binding: dict = field(default_factory=dict)
    stated: dict | None = None
    vals: dict = field(default_factory=dict)
    adjust: object = None
    is_own: bool = False
    crediting: str = ""

    def get_stated(self):
        """Return what the document has to come to, in minor units, and the field of the
        move that says what it came to.
        """
        if self.is_own:
            return self.fact.net, "amount_untaxed"
        return self.fact.total, "amount_total"
