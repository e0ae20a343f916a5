from odoo import api, models


class SaasMappingMixin(models.AbstractModel):
    """What a person says of a source so that its events can be booked. When they do,
    the events that waited for it go on by themselves, and a message tells how many.
    """

    _name = "saas.mapping.mixin"
    _description = "SaaS mapping"

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
        cases = self.env["saas.exception"]
        own = [("source_id", "in", self.source_id.ids)]
        if "external_id" in self._fields:
            refs = self.mapped("external_id")
            return cases._find_open(own, self._frees, refs)._settle()
        return cases._find_open(own, self._frees)._try_again()

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
