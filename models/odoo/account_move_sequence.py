from odoo import models

from ...canonical.marks import PIPELINE, Sink

_REFUNDS = ("out_refund", "in_refund")


class AccountMove(models.Model):
    """Draws the numbers of a batch with one look-up for each journal and day, and those
    of a preview from the preview.
    """

    _inherit = "account.move"

    def _locked_increment(self, format_string, format_values):
        """Draw no real number in a preview: whoever posts meanwhile would wait for it
        until the preview ends.
        """
        if sink := Sink.get(self.env):
            return sink.draw_number()
        return super()._locked_increment(format_string, format_values)

    def _get_next_sequence_format(self):
        """Look up once for a batch how a journal's numbers of a day look.

        Odoo asks the database again for each move it posts, three queries and a flush
        each, though the next number itself comes from a cache: the one this is kept
        in, so it is forgotten when that is, with the transaction or a savepoint of it.
        A test compares the numbers with those of the normal way.
        """
        if not PIPELINE.is_in(self.env) or self.journal_id.is_self_billing:
            return super()._get_next_sequence_format()
        key = (
            "saas_format",
            self.journal_id.id,
            self.date,
            self.move_type in _REFUNDS,
            bool(self.origin_payment_id or self.env.context.get("is_payment")),
        )
        cache = self._get_sequence_cache()
        if key not in cache:
            cache[key] = super()._get_next_sequence_format()
        pattern, values = cache[key]
        # The caller takes the number out of it.
        return pattern, dict(values)
