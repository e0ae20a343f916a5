from odoo import api, models

from ...canonical.review.duties import Decision


class SaasMappingMixin(models.AbstractModel):
    """What a person says of a source so that its events can be booked. When they do,
    the events that waited for it go on by themselves, and a message tells how many.
    """

    _name = "saas.mapping.mixin"
    _description = "SaaS mapping"
    _inherit = ["saas.ruled.mixin"]

    #: The reasons of the events that may wait for such a record.
    _frees = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._free_waiting()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._free_waiting()
        return result

    def _settle_cases(self):
        """Settle the cases that these records are about; return their events. Who says
        something by a rule has all events tried again that it may be about.
        """
        cases = self._find_cases()
        if "external_id" in self._fields:
            return cases._settle()
        return cases._try_again()

    def _find_cases(self):
        """Return the open cases that these records are about."""
        own = [("source_id", "in", self.source_id.ids)]
        refs = self.mapped("external_id") if "external_id" in self._fields else None
        return self.env["saas.exception"]._find_open(own, self._frees, refs)

    # -- who has to sign a change ---------------------------------------------------

    def _get_decisive(self, operation, vals):
        """Until a source has booked something, or something waits for these records,
        they are its set-up, and decide nothing.
        """
        changed = self._get_changed(operation, vals)
        booked = changed.source_id.filtered(lambda source: source._has_booked())
        return changed.filtered(
            lambda record: record.source_id in booked or record._find_cases()
        )

    def _get_ruled_kind(self, operation, vals):
        """What had no mapping gets one, or what was booked so is booked otherwise."""
        if operation == "create" and "external_id" in self._fields:
            return Decision.MAP
        return Decision.MAP_OTHERWISE

    def _get_ruled_events(self):
        return self._find_cases()._get_events().sudo(False)

    def _get_ruled_amount(self):
        cases = self._find_cases()
        return (
            sum(cases.mapped("amount")) if all(cases.mapped("amount_known")) else None
        )

    def _free_waiting(self):
        """Settle the cases that are about what these records name, if a person said so:
        what code fills in is followed by what it does next.
        """
        if self.env.su:
            return
        events = self._settle_cases()
        if not events:
            return
        params = events.with_env(self.env)._tell_of_retry()["params"]
        self.env.user._bus_send(
            "simple_notification",
            {"type": params["type"], "message": params["message"]},
        )
