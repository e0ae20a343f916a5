from odoo import models


class SaasHandler(models.AbstractModel):
    """Brings Odoo's records to the state that facts of one kind state.

    A handler makes only the difference between a fact and what is bound, so facts
    may come twice, late and in any order. It takes many at a time. What it can't
    decide it tells the item, before it writes; anything it raises is rolled back,
    and the batch is halved until the culprit is alone.
    """

    _name = "saas.handler"
    _inherit = "saas.ledger"
    _description = "SaaS handler"

    def _apply(self, source, items):
        """Apply ``items``, whose facts are all of this handler's kind.

        :param items: objects with ``event`` and ``fact``; the handler sets their
            ``tenant`` and calls their ``quarantine``, ``park`` and ``log``.
        """
        raise NotImplementedError
