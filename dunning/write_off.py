from types import SimpleNamespace

from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical.actions import Action
from ..canonical.errors import EventError
from ..canonical.item import make_row
from ..canonical.kinds import Kind
from ..canonical.moments import aware
from ..canonical.money import to_minor


class GivenUp:
    """An own invoice that a person gives up, as the ledger takes an item of the
    pipeline: the invoice's currency, and the rows that the log gets.
    """

    def __init__(self, source, move):
        self.source = source
        self.tenant = move.saas_tenant_id
        self.event = SimpleNamespace(external_id=f"written off {move.id}")
        self.fact = SimpleNamespace(
            kind=Kind.INVOICE,
            external_id=move.saas_external_id,
            currency=move.currency_id.name,
            exponent=move.currency_id.decimal_places,
        )
        self.error = None
        self.rows = []

    def fail(self, error):
        """Note why nothing can be booked."""
        self.error = self.error or error

    def log(self, action, record=None, detail=None):
        """Note what was done to ``record``, for the log."""
        self.rows.append(make_row(self.source, action, record, detail))


class SaasCollectionsWriteOff(models.AbstractModel):
    """Gives up own invoices that nobody will pay: what is open of them becomes a loss,
    which the ledger keeps as it keeps those of mirrored invoices. So money that comes
    after all lowers the loss.
    """

    _name = "saas.collections.write_off"
    _description = "SaaS write-off of own invoices"

    def _write_off(self, source, moves, note):
        """Write off what is open of a company's own invoices, as of today.

        :param note: why, for the log.
        :raises UserError: if it can't be booked, with a sentence that says why.
        """
        source, moves = (each.sudo() for each in (source, moves))
        if missing := source._get_missing_account("bad_debt_account_id"):
            raise UserError(missing.text)
        today = source._localize_date(aware(fields.Datetime.now()))
        items = {move.saas_external_id: GivenUp(source, move) for move in moves}
        bindings = self.env["saas.binding"]
        known = bindings._find(source, Kind.INVOICE_GIVEN_UP, [*items])
        new = []
        for move in moves:
            item = items[move.saas_external_id]
            places = move.currency_id.decimal_places
            stated = {"amount": to_minor(move.amount_residual, places)}
            if move.saas_external_id in known:
                known[move.saas_external_id].write({**stated, "date": today})
            else:
                new.append(
                    bindings._prepare_vals(
                        source,
                        Kind.INVOICE_GIVEN_UP,
                        move.saas_external_id,
                        date=today,
                        **stated,
                    )
                )
            self.env["saas.ledger.document"]._set_state(move, "uncollectible")
            item.log(Action.INVOICE_UNCOLLECTIBLE, move, note)
        bindings.create(new)
        losses = self.env["saas.ledger.documents.loss"]
        try:
            losses._bring_along(source, losses._read(source, [*items]), items)
        except EventError as error:
            raise UserError(str(error)) from error
        self.env["saas.sync.log"]._append(
            [row for item in items.values() for row in item.rows]
        )
        self.env["saas.dunning.state"]._follow(moves.saas_tenant_id)
