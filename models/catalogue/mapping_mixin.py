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

    def _free_waiting(self):
        """Send the events back that wait for one of the reasons, if a person said so:
        what code fills in is followed by what it does next.
        """
        if self.env.su:
            return
        events = self.env["saas.subscription.event"]._get_stopped(
            self.source_id, self._frees
        )
        if not events:
            return
        params = events._retry_and_tell()["params"]
        self.env.user._bus_send(
            "simple_notification",
            {"type": params["type"], "message": params["message"]},
        )
