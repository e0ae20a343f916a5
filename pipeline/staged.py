from odoo import models

from ..canonical.errors import Observed, Off
from ..canonical.kinds import Kind
from ..canonical.marks import Sink
from ..canonical.review.areas import AREA_OF, Stage, get_lead
from ..review.objects import get_claims, get_reference


class SaasStaged(models.AbstractModel):
    """Holds facts against the stage of their area at the source: what is off is ignored
    in sight, what is only observed waits, and nothing of either is booked.

    Where all areas have been on for ever, nothing is asked. Where one was switched on,
    only what is from before that day, or from the time in which others booked by hand,
    is looked at closer.
    """

    _name = "saas.staged"
    _description = "SaaS stages"

    def _heed(self, source, items):
        """Return the items that may be applied; the others get their errors."""
        if source._is_all_on():
            return items
        sink = Sink.get(self.env)
        is_observing = bool(sink and sink.is_observing)
        on = []
        for item in items:
            area = AREA_OF.get(item.fact.kind)
            stage = source._get_stage(area) if area else Stage.ON
            if stage is Stage.OFF:
                item.fail(self._make_off(source, area))
            elif stage is Stage.OBSERVE and not is_observing:
                item.fail(self._make_observed(source, area, item.fact))
            elif area and stage is Stage.ON and not is_observing:
                on.append((item, area))
        if source.switched and on:
            self._hold_late(source, on)
        return [item for item in items if not item.error]

    def _make_off(self, source, area):
        return Off(
            area,
            self.env._(
                "The area %(area)s is off at %(name)s, so nothing of it is booked.",
                area=source._get_area_label(area),
                name=source.name,
            ),
        )

    def _make_observed(self, source, area, fact):
        detail = self.env._(
            "The area %(area)s is only observed at %(name)s, so nothing of it is "
            "booked.",
            area=source._get_area_label(area),
            name=source.name,
        )
        return Observed(area, get_lead(fact), detail)

    def _hold_late(self, source, pairs):
        """Let facts wait of objects that somebody may have booked by hand: those from
        before the day on which their area was switched on, and those from before the
        switch as long as something booked by hand is not explained.

        What is bound, decided, or settled after it was compared, goes on. That takes
        three statements, and only where there are such facts.

        :param pairs: items with their area, which is on.
        """
        due = self._find_late(source, pairs)
        if not due:
            return
        observations = self.env["saas.observation"]
        known = observations._find_settled(source, [ref for _i, ref, *_rest in due])
        due = [row for row in due if row[1] not in known]
        bound = self._find_bound(source, due) if due else set()
        unexplained = observations._find_unexplained(source) if due else set()
        for item, ref, area, is_before in due:
            if ref not in bound and (is_before or area.value in unexplained):
                detail = self.env._(
                    "It is from before the area %s was switched on, and may be booked "
                    "by hand. It is compared first.",
                    source._get_area_label(area),
                )
                item.fail(Observed(area, get_lead(item.fact), detail))

    def _find_late(self, source, pairs):
        """Return items from the time before a switch, each with its object's reference,
        its area, and whether it is from before the day of the switch.
        """
        found = []
        for item, area in pairs:
            days = source.switched.get(area.value)
            ref = days and not item.decision and get_reference(item.fact)
            if not ref or ref.kind == Kind.MONEY_LINKS:
                continue
            day = self.env["saas.review.candidates"]._get_day(source, item.fact)
            if str(day) <= days["until"]:
                found.append((item, ref, area, str(day) < days["from"]))
        return found

    def _find_bound(self, source, due):
        """Return the references of objects that are bound already."""
        claims = {
            claim.ref: ref
            for item, ref, *_rest in due
            for claim in get_claims(item.fact)
        }
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", sorted({ref.kind for ref in claims})),
                ("external_id", "in", sorted({ref.external_id for ref in claims})),
            ]
        )
        return {
            claims[key]
            for key in ((each.kind, each.external_id) for each in bindings)
            if key in claims
        }
