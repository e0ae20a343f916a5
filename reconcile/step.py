from odoo import models
from odoo.fields import Domain

from ..canonical.review.tie_out import PAIRS

#: How many objects that the source did not list are fetched in one job, by one request
#: each.
_CHUNK = 25


class SaasReconcileStep(models.AbstractModel):
    """Does one step for a kind of objects, which is a ``saas.reconciliation.line``: it
    compares a page of the source's objects, or a few of ours that the source did not
    list.
    """

    _name = "saas.reconcile.step"
    _description = "SaaS reconciliation step"

    def _step(self, line):
        """Do what comes next for ``line``, and note how far it is.

        :raises Quarantine: if the source may not be read, with what to do.
        :raises Transient: if it can't be reached now.
        """
        source = line.reconciliation_id.source_id
        if line.state in ("waiting", "reading"):
            self._read_page(line, source)
        elif line.state == "asking":
            self._ask(line, source, *self._get_unseen(line, source))
        else:
            self._ask(line, source, *self._get_unvisited(line, source))

    def _read_page(self, line, source):
        """Compare a page of the source's objects."""
        run = line.reconciliation_id
        since, until = source._get_moments(run.date_from, run.date_to)
        page = source._get_adapter()._read_period(
            source, line.kind, since, until, line.cursor or ""
        )
        self._conclude(line, source, self._compare(line, source, page.objects))
        read = (until - page.oldest_at) / (until - since) if page.oldest_at else 1
        line.write(
            {
                "state": "reading" if page.cursor else "asking",
                "cursor": page.cursor or False,
                "pages": line.pages + 1,
                # The list ends some day; the rest is for what is only here.
                "progress": 90 * max(0, min(1, read)) if page.cursor else 90,
            }
        )

    def _compare(self, line, source, objects):
        """Return the outcomes of the source's objects."""
        return self.env["saas.reconcile.reading"]._compare(source, line.kind, objects)

    def _get_comparator(self, line):
        return self.env[f"saas.comparator.{line.kind}"]

    def _get_unseen(self, line, source):
        """Return the next objects of ours that the source did not list, where to go
        on after them, and what comes when there are none.
        """
        last = int(line.cursor or 0)
        domain = self._get_comparator(line)._get_unseen_domain(source, line)
        bindings = self.env["saas.binding"].search(
            domain & _after(last), order="id", limit=_CHUNK
        )
        return bindings.mapped("external_id"), bindings[-1:].id, "closing"

    def _get_unvisited(self, line, source):
        """Return the next objects of earlier differences that this run has not seen,
        where to go on after them, and what comes when there are none. Differences of
        objects that are gone on both sides are resolved by this.
        """
        run = line.reconciliation_id
        differences = self.env["saas.difference"].search(
            _after(int(line.cursor or 0))
            & Domain("source_id", "=", source.id)
            & Domain("kind", "=", line.kind)
            & Domain("field", "not in", PAIRS)
            & Domain("state", "in", ("open", "accepted"))
            & Domain("reconciliation_id", "!=", run.id)
            & (
                # Customers have no day of their own.
                Domain("object_date", "=", False)
                | Domain("object_date", ">=", run.date_from)
                & Domain("object_date", "<=", run.date_to)
            ),
            order="id",
            limit=_CHUNK,
        )
        ids = list(dict.fromkeys(differences.mapped("external_id")))
        return ids, differences[-1:].id, "done"

    def _ask(self, line, source, external_ids, last, after):
        """Fetch single objects: those that the source has are compared, and the others
        are only here.

        :param last: id to go on after, or False when this was all.
        :param after: the state that comes then.
        """
        adapter = source._get_adapter()
        objects = {
            external_id: adapter._fetch_listed(source, line.kind, external_id)
            for external_id in external_ids
        }
        gone = [external_id for external_id, found in objects.items() if not found]
        outcomes = self._compare(line, source, list(filter(None, objects.values())))
        outcomes += self._get_comparator(line)._compare_gone(source, gone)
        self._conclude(line, source, outcomes)
        if last:
            line.cursor = str(last)
            return
        line.write(
            {
                "state": after,
                "cursor": False,
                "progress": 100 if after == "done" else 95,
            }
        )

    def _conclude(self, line, source, outcomes):
        """Note what was found, once for each object of this run."""
        known = self.env["saas.reconciliation.item"].search(
            [
                ("line_id", "=", line.id),
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
        run = line.reconciliation_id
        self.env["saas.reconciliation.item"].create(
            [
                {
                    "line_id": line.id,
                    "reconciliation_id": run.id,
                    "company_id": run.company_id.id,
                    "tenant_id": outcome.tenant.id if outcome.tenant else False,
                    "kind": line.kind,
                    "external_id": outcome.external_id,
                    "result": outcome.result,
                }
                for outcome in outcomes
            ]
        )
        self.env["saas.reconcile.findings"]._record(source, line.kind, outcomes, run)
        for result in ("matched", "different", "only_there", "only_here"):
            if count := sum(outcome.result == result for outcome in outcomes):
                line[result] += count


def _after(last):
    return Domain("id", ">", last)
