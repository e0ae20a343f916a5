from odoo import models
from odoo.fields import Domain

#: How many of our objects that the source did not list it is asked for in one job: a
#: request each.
_CHUNK = 25


class SaasReconciliationLine(models.Model):
    """One step of a kind: a page of theirs, or a few of ours that were not listed."""

    _inherit = "saas.reconciliation.line"

    def _step(self):
        """Do what comes next, and note how far it is.

        :raises Quarantine: if the source may not be read, with what to do.
        :raises Transient: if it can't be reached now.
        """
        self.ensure_one()
        source = self.reconciliation_id.source_id
        if self.state in ("waiting", "reading"):
            self._read_page(source)
        elif self.state == "asking":
            self._ask(source, *self._get_unseen(source))
        else:
            self._ask(source, *self._get_unvisited(source))

    def _read_page(self, source):
        """Compare a page of the source's objects."""
        run = self.reconciliation_id
        since, until = source._get_moments(run.date_from, run.date_to)
        page = source._get_adapter()._read_period(
            source, self.kind, since, until, self.cursor or ""
        )
        self._conclude(source, self._compare(source, page.objects))
        read = (until - page.oldest_at) / (until - since) if page.oldest_at else 1
        self.write(
            {
                "state": "reading" if page.cursor else "asking",
                "cursor": page.cursor or False,
                "pages": self.pages + 1,
                # The list ends some day; the rest is for what is only here.
                "progress": 90 * max(0, min(1, read)) if page.cursor else 90,
            }
        )

    def _compare(self, source, objects):
        """Return the outcomes of the source's objects."""
        return self.env["saas.reading"]._compare(source, self.kind, objects)

    def _get_comparator(self):
        return self.env[f"saas.comparator.{self.kind}"]

    def _get_unseen(self, source):
        """Return the next objects of ours that the source did not list, where to go
        on after them, and what comes when there are none.
        """
        last = int(self.cursor or 0)
        domain = self._get_comparator()._get_unseen_domain(source, self)
        bindings = self.env["saas.binding"].search(
            domain & _after(last), order="id", limit=_CHUNK
        )
        return bindings.mapped("external_id"), bindings[-1:].id, "closing"

    def _get_unvisited(self, source):
        """Likewise the objects of earlier differences that this run has not seen: of
        those that are gone on both sides there is nothing left to settle.
        """
        run = self.reconciliation_id
        differences = self.env["saas.difference"].search(
            _after(int(self.cursor or 0))
            & Domain("source_id", "=", source.id)
            & Domain("kind", "=", self.kind)
            & Domain("state", "in", ("open", "accepted"))
            & Domain("reconciliation_id", "!=", run.id)
            & (
                # Of customers no day is known.
                Domain("object_date", "=", False)
                | Domain("object_date", ">=", run.date_from)
                & Domain("object_date", "<=", run.date_to)
            ),
            order="id",
            limit=_CHUNK,
        )
        ids = list(dict.fromkeys(differences.mapped("external_id")))
        return ids, differences[-1:].id, "done"

    def _ask(self, source, external_ids, last, after):
        """Ask the source for single objects: what it has is compared, and the rest
        is only here.

        :param last: id to go on after, or False when this was all.
        :param after: the state that comes then.
        """
        adapter = source._get_adapter()
        objects = {
            external_id: adapter._fetch_listed(source, self.kind, external_id)
            for external_id in external_ids
        }
        gone = [external_id for external_id, found in objects.items() if not found]
        outcomes = self._compare(source, list(filter(None, objects.values())))
        outcomes += self._get_comparator()._compare_gone(source, gone)
        self._conclude(source, outcomes)
        if last:
            self.cursor = str(last)
            return
        self.write(
            {
                "state": after,
                "cursor": False,
                "progress": 100 if after == "done" else 95,
            }
        )

    def _conclude(self, source, outcomes):
        """Note what was found, once for each object of this run."""
        known = self.env["saas.reconciliation.item"].search(
            [
                ("line_id", "=", self.id),
                ("external_id", "in", [o.external_id for o in outcomes]),
            ]
        )
        # Two charges of one intent, say, are one sum: the newest one tells.
        done = set(known.mapped("external_id"))
        fresh = {}
        for outcome in outcomes:
            if outcome.external_id not in done:
                fresh.setdefault(outcome.external_id, outcome)
        outcomes = list(fresh.values())
        run = self.reconciliation_id
        self.env["saas.reconciliation.item"].create(
            [
                {
                    "line_id": self.id,
                    "reconciliation_id": run.id,
                    "company_id": run.company_id.id,
                    "tenant_id": outcome.tenant.id if outcome.tenant else False,
                    "kind": self.kind,
                    "external_id": outcome.external_id,
                    "result": outcome.result,
                }
                for outcome in outcomes
            ]
        )
        self.env["saas.findings"]._record(source, self.kind, outcomes, run)
        for result in ("matched", "different", "only_there", "only_here"):
            if count := sum(outcome.result == result for outcome in outcomes):
                self[result] += count


def _after(last):
    return Domain("id", ">", last)
