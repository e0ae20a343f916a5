from odoo import models
from odoo.tools import format_datetime

from ...canonical.moments import naive
from ...canonical.subscriptions.told import get_zone


class SaasSubscription(models.Model):
    """Says in words what a life is, segment by segment."""

    _inherit = "saas.subscription"

    def _describe_life(self, life, now):
        """Return the segments of a life as plain values for a page.

        :param now: an aware moment: the segment that it is in is marked.
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        ids = {(s.terms or {}).get("version") for s in life.segments} - {None}
        versions = self.env["saas.plan.version"].sudo().browse(ids)
        names = {version.id: version.display_name for version in versions}
        current = life.at(now)
        return [
            {
                "start": self._describe_moment(segment.start, segment.terms),
                "end": self._describe_moment(segment.end, segment.terms),
                "state": states[segment.state.value],
                "what": describe_terms(segment.terms, names),
                "is_now": segment == current,
            }
            for segment in life.segments
        ]

    def _describe_moment(self, moment, terms):
        if moment is None:
            return ""
        return format_datetime(self.env, naive(moment), tz=get_zone(terms))


def describe_terms(terms, names):
    """Return in a few words what terms hold.

    :param names: of the versions of plans, by id.
    """
    terms = terms or {}
    parts = [names.get(terms.get("version"), "")]
    quantities = terms.get("quantities") or {}
    parts += [f"{number} × {code}" for code, number in quantities.items()]
    parts += [terms.get("currency", ""), terms.get("purchase_order", "")]
    return ", ".join(filter(None, parts))
