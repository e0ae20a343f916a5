from odoo import models

from ..canonical.actions import CREATED, UPDATED


class SaasSnapshot(models.AbstractModel):
    """Keeps the newest snapshot of each object of a source's master data, in a record
    of its own. Nothing is booked from it.
    """

    _name = "saas.snapshot"
    _inherit = "saas.handler"
    _description = "SaaS snapshot handler"

    #: The model that holds the objects, with ``source_id``, ``external_id`` and
    #: ``version``.
    _record_model = None
    #: Whether each object is a customer's; what is of no known one waits then.
    _is_of_tenant = False
    #: Whether a state may come back: then the later version counts, and of one version
    #: the higher rank. Otherwise the rank decides, and a deletion is the last one.
    _may_go_back = False

    def _prepare_snapshot_vals(self, item):
        """Return the values of the record that mirrors an item's fact."""
        raise NotImplementedError

    def _apply(self, source, items):
        if self._is_of_tenant:
            self._find_tenants(source, items)
            items = [item for item in items if not item.error]
        if items:
            self._keep(source, items)

    def _keep(self, source, items):
        """Write the newest snapshots of the objects that ``items`` state."""
        kind = items[0].fact.kind
        bindings = self.env["saas.binding"]._find(
            source, kind, [item.fact.external_id for item in items]
        )
        new = [item for item in items if item.fact.external_id not in bindings]
        records = self._create_mirrors(
            source,
            self._record_model,
            new,
            self._prepare_snapshot_vals,
            lambda fact: {"rank": self._get_rank(fact), "version": fact.version},
        )
        for item, record in records.items():
            item.log(CREATED[kind], record)
        for item in items:
            if binding := bindings.get(item.fact.external_id):
                self._update(item, binding)

    def _update(self, item, binding):
        """Bring a record to a newer snapshot."""
        if not self._is_newer(item.fact, binding):
            return
        binding.write({"rank": self._get_rank(item.fact), "version": item.fact.version})
        record = binding._get_record()
        record.write(self._prepare_snapshot_vals(item))
        item.log(UPDATED[item.fact.kind], record)

    def _is_newer(self, fact, binding):
        """Return whether a snapshot is newer than the newest one that was kept."""
        told = self._get_rank(fact), fact.version
        kept = binding.rank, binding.version or ""
        if self._may_go_back:
            return told[::-1] > kept[::-1]
        return told > kept

    def _get_rank(self, fact):
        return int(getattr(fact, "deleted", False))
