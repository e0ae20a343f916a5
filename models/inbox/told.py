from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS

from ...canonical.display.texts import fit
from ...canonical.errors import Ignore
from ...canonical.kinds import Kind
from ...canonical.reasons import State

#: The longest list of words to be found by, in characters.
_LONGEST = 1000


class SaasSubscriptionEvent(models.Model):
    """Notes of what an event tells how it is found, and what it moves while it waits.

    Both are written once, when the event is processed: what lists and proofs ask for
    then needs no body to be read.
    """

    _inherit = "saas.subscription.event"

    search_terms = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        index="trigram",
        help="Ids, numbers and amounts that the event tells, to be found by.",
    )
    about = fields.Char(
        string="Number, Amount, Customer or ID",
        store=False,
        search="_search_about",
        exportable=False,
        help="Finds events by the number or the amount of a document, by the name of a "
        "tenant, and by any id.",
    )
    stakes = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What this event would move of the money that the source holds, noted "
        "while it waits.",
    )

    names_others = fields.Boolean(
        readonly=True,
        groups=NO_ACCESS,
        help="The event names objects of other systems, which linked sources may have.",
    )

    _stakes_index = models.Index("(source_id) WHERE stakes IS NOT NULL")
    _others_index = models.Index("(source_id, id) WHERE names_others")

    @api.model
    def _search_about(self, operator, value):
        if operator not in ("ilike", "like", "="):
            return NotImplemented
        terms = Domain("search_terms", "ilike", value) | Domain(
            "external_id", "=", value
        )
        # The terms are for nobody to read; who sees an event at all is the rules' part.
        found = self.sudo()._search(terms)
        return Domain("id", "in", found) | Domain("tenant_id", "ilike", value)

    def _process_linked(self):
        """Send events that were processed back to the inbox, since sources are linked
        now whose objects they name.
        """
        self._set_state(State.RECEIVED, detail=self.env._("Sources were linked since."))

    def _note_told(self, items, tenant):
        """Note what the facts of one event tell, and whose it is.

        :param items: all of the event's items, with what became of them.
        :param tenant: the tenant, or None where it is not known.
        """
        waiting = [i for i in items if i.error and not isinstance(i.error, Ignore)]
        vals = self._prepare_told([i.fact for i in items], [i.fact for i in waiting])
        if tenant:
            vals["tenant_id"] = tenant.id
        self.write(vals)

    def _prepare_told(self, facts, waiting):
        """Return the values that note what facts of one event tell, and what the
        ``waiting`` ones move.
        """
        self.ensure_one()
        vals = self._prepare_objects(facts)
        words = [self.external_id]
        for fact in facts:
            words += [fact.external_id, *(ref for _kind, ref in fact.arrivals)]
            words += [fact.customer, *fact.terms]
        terms = fit(" ".join(dict.fromkeys(filter(None, words))), _LONGEST)
        if terms != self.search_terms:
            vals["search_terms"] = terms
        if not self.names_others and any(map(_names_others, facts)):
            vals["names_others"] = True
        stakes = [stake._asdict() for fact in waiting for stake in fact.stakes]
        if stakes or self.stakes:
            vals["stakes"] = stakes
        return vals


def _names_others(fact):
    """Return whether a fact names an object of another system."""
    return fact.kind == Kind.MONEY_LINKS or bool(getattr(fact, "gateway_ref", None))
