from odoo import Command, models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.marks import RELINKING

#: Models whose links to tenants are no plain links: handled below, or never changed.
_APART = frozenset(
    """
    saas.tenant saas.tenant.proposal saas.resolution saas.entitlement
    saas.mrr.renewal saas.mrr.standing saas.dunning.state
    """.split()
)


class SaasCustomersMerge(models.AbstractModel):
    """Makes one tenant of two that turn out to be one customer.

    The one that goes on takes all that is linked to the other: customers at sources,
    events, documents, payments, subscriptions, disputes, differences. No ledger is
    merged: what is booked stays on the contact that it was booked on, and what is open
    there is transferred when something on the other contact settles it, also if that
    was here before. The emptied tenant is archived and points to the one that goes on.
    """

    _name = "saas.customers.merge"
    _description = "SaaS merging of tenants"

    def _merge(self, loser, winner):
        """Let ``loser`` be ``winner`` from now on, and let all go on that waited
        because the two were not told apart. Return whether they were two.
        """
        loser, winner = loser._get_current(), winner._get_current()
        if loser == winner:
            return False
        self.env.flush_all()
        self._move_links(loser, winner)
        self.env["saas.ledger.customers.tenants"]._move(loser, winner)
        self._move_group(loser, winner)
        self.env["saas.customers.proposals"]._follow(loser, winner)
        is_active = loser.active
        loser._point_to(winner)
        if is_active and not winner.active:
            winner.active = True
        self.env["saas.customers.field_owner"]._join(
            winner, {**(loser.stated_values or {}), **(winner.stated_values or {})}
        )
        self._log(loser, winner)
        if loser.is_suspended and not winner.is_suspended:
            # A person decided that, and only a person takes it back.
            note = self.env._("It was merged with one that is suspended.")
            winner._set_suspended(True, note)
        self.env["saas.entitlement"]._join(loser, winner)
        self.env["saas.mrr.standing"]._join(loser, winner)
        self.env["saas.dunning.state"]._join(loser, winner)
        winner._enqueue_settling()
        return True

    def _move_links(self, loser, winner):
        """Move what links to a tenant, whichever of our models it is in."""
        bindings = self.env["saas.binding"].search(
            [("res_model", "=", loser._name), ("res_id", "=", loser.id)]
        )
        bindings.write({"res_id": winner.id})
        for name in sorted(self.env.registry):
            model = self.env[name]
            # A report has no table of its own: it follows from those that have.
            is_stored = model._auto and not (model._abstract or model._transient)
            if is_stored and name.startswith("saas.") and name not in _APART:
                for link in model._fields.values():
                    if link.comodel_name == loser._name and _is_link(link):
                        self._move_link(model, link.name, loser, winner)

    def _move_link(self, model, link, loser, winner):
        records = model.with_context(active_test=False).search([(link, "=", loser.id)])
        value = winner.id
        if model._fields[link].type == "many2many":
            value = [Command.unlink(loser.id), Command.link(winner.id)]
        records.with_context(**RELINKING.in_context()).write({link: value})

    def _move_group(self, loser, winner):
        """Let the parts of one tenant be parts of the other, as far as no tenant gets a
        part of itself. Who is billed stays where it is above still.
        """
        tenants = winner.with_context(active_test=False)
        group = tenants.search([("id", "child_of", (loser | winner).ids)])
        payers = {t: t.bill_to_id for t in group if t.bill_to_id}
        group.filtered("bill_to_id").bill_to_id = False
        if loser in winner._get_above():
            winner.parent_id = loser.parent_id
        for part in tenants.search([("parent_id", "=", loser.id)]) - winner:
            vals = {"parent_id": winner.id}
            if (synced := part.synced_values or {}).get("parent_id") == loser.id:
                vals["synced_values"] = {**synced, "parent_id": winner.id}
            part.write(vals)
        above = loser.parent_id
        if above and not winner.parent_id and winner not in above._get_above():
            winner.parent_id = above
        loser.parent_id = False
        for tenant, payer in payers.items():
            payer = winner if payer == loser else payer
            if tenant != loser and payer != tenant and payer in tenant._get_above():
                tenant.bill_to_id = payer

    def _log(self, loser, winner):
        source = winner._get_log_source()
        if not source:
            return
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.TENANT_MERGED.value,
                    "res_model": loser._name,
                    "res_id": tenant.id,
                    "detail": self.env._(
                        "Tenant %(loser)s is tenant %(winner)s from now on.",
                        loser=loser.id,
                        winner=winner.id,
                    ),
                }
                for tenant in (loser, winner)
            ]
        )

    def _merge_customers(self, source, loser, winner, bindings):
        """Let a customer of a source be another one of it.

        :param loser: the id that is no longer used, which may not be known yet.
        :param winner: the id that goes on, which is known.
        :param bindings: the known customers' bindings, by external id.
        :return: the tenant.
        """
        tenants = self.env["saas.tenant"]
        tenant = tenants.browse(bindings[winner].res_id)
        if loser not in bindings:
            bindings[loser] = self.env["saas.binding"].create(
                self.env["saas.binding"]._prepare_vals(
                    source, Kind.CUSTOMER, loser, tenant
                )
            )
        self._merge(tenants.browse(bindings[loser].res_id), tenant)
        return tenants.browse(bindings[winner].res_id)


def _is_link(field):
    is_kept = field.store and not field.related
    return field.type in ("many2one", "many2many") and is_kept
