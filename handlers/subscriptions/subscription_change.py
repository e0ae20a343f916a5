from odoo import models

from ...canonical.actions import Action
from ...canonical.errors import EventError
from ...canonical.kinds import Kind
from ...canonical.reasons import Cause, Reason
from ...canonical.reference import Reference


class SaasHandlerSubscriptionChange(models.AbstractModel):
    """Keeps what happens to subscriptions whose invoices Odoo issues, and brings them
    to what follows. A change that can't be so after what else is known is kept too, and
    left to a person: what comes later may make room for it.
    """

    _name = "saas.handler.subscription_change"
    _inherit = "saas.handler"
    _description = "SaaS subscription change handler"

    def _apply(self, source, items):
        self._find_tenants(source, items)
        finder = self.env["saas.subscriptions.finder"]
        found = finder._find(source, [item for item in items if not item.error])
        terms = self._read_terms(source, found)
        found = {item: each for item, each in found.items() if not item.error}
        contracts = finder._complete(source, found)
        self._record(found, terms, contracts)

    def _read_terms(self, source, found):
        """Return by item what is kept of its terms; who names what can't be sold gets
        an error.

        :param found: by item the subscription that it is about; empty for a new one.
        """
        told = []
        for item, subscription in found.items():
            # What opens one is alike in whatever order it comes.
            is_own = item.fact.opens and not item.fact.continues
            zone = source.tz if is_own else subscription.tz or source.tz
            told.append((item.fact, zone))
        reader, terms = self.env["saas.subscriptions.terms"], {}
        for item, each in zip(
            found, reader._read_all(source.company_id, told), strict=True
        ):
            if isinstance(each, EventError):
                item.fail(each)
            else:
                terms[item] = each
        return terms

    def _record(self, found, terms, contracts):
        """Keep the changes, and tell the items what came of them."""
        none = self.env["saas.contract"]
        changes = self.env["saas.subscription.change"]
        vals_list = [
            changes._prepare_fact_vals(
                item.fact,
                terms[item],
                subscription_id=subscription.id,
                source_id=item.event.source_id.id,
                event_id=item.event.id,
                contract_id=contracts.get((item.fact.contract, item.tenant), none).id,
            )
            for item, subscription in found.items()
        ]
        rows = self.env["saas.subscription"]._record_changes(vals_list)
        for (item, subscription), vals, row in zip(
            found.items(), vals_list, rows, strict=True
        ):
            self._tell(item, subscription, vals, row)
        self.env["saas.billing.run"]._bill_at_once(rows.subscription_id)

    def _tell(self, item, subscription, vals, row):
        """Tell an item what came of its change, and the log."""
        if row.digest != vals["digest"]:
            item.quarantine(
                Reason.INVALID_PAYLOAD,
                self.env._(
                    "The change %s is kept already, with other content.", row.key
                ),
                Cause.ID_TAKEN.of(row.key),
            )
        elif row.outcome == "refused":
            item.is_kept = True
            item.quarantine(
                Reason.NOT_ALLOWED,
                row._describe_refusal(),
                about=str(Reference(Kind.SUBSCRIPTION, subscription.external_id)),
            )
        else:
            item.log(Action.SUBSCRIPTION_CHANGE_KEPT, subscription, row.kind)
