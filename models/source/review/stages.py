from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ....canonical.actions import Action
from ....canonical.review.areas import NEEDS, RANK, Area, Stage, find_gap

_STAGES = [
    (Stage.OFF.value, "Off"),
    (Stage.OBSERVE.value, "Observe"),
    (Stage.ON.value, "On"),
]


def _make_stage(label, help_text):
    return fields.Selection(
        _STAGES,
        string=label,
        required=True,
        readonly=True,
        copy=False,
        default=Stage.ON.value,
        tracking=True,
        help=help_text,
    )


class SaasSource(models.Model):
    """Says for each area of what a source tells whether it is booked, only observed, or
    left alone. So a company can watch for a time before it lets the app book.
    """

    _inherit = "saas.source"

    stage_customers = _make_stage(
        "Customers", "Whether customers, their tax numbers and merges are taken over."
    )
    stage_subscriptions = _make_stage(
        "Subscriptions and Usage",
        "Whether subscriptions, contracts and usage are mirrored.",
    )
    stage_documents = _make_stage(
        "Documents", "Whether invoices, credit notes and credit are booked."
    )
    stage_payments = _make_stage(
        "Payments", "Whether payments, late failures and refunds are booked."
    )
    stage_clearing = _make_stage(
        "Clearing", "Whether fees, disputes and payouts are booked."
    )
    observed_since = fields.Date(
        readonly=True,
        copy=False,
        help="The first day whose entries, booked by hand, are compared with what the "
        "source tells.",
    )
    observe_tolerance = fields.Integer(
        string="Days Apart",
        default=3,
        help="How many days an entry booked by hand may be apart from what the source "
        "tells, and be proposed as the same where only customer and amount agree.",
    )
    switched = fields.Json(
        readonly=True,
        copy=False,
        help="For each area that was switched on after it was observed: from which day "
        "on it is booked, and until when others may have booked it by hand.",
    )
    observation_count = fields.Integer(
        string="Observed Open", compute="_compute_observation_count"
    )
    is_observing = fields.Boolean(
        compute="_compute_is_observing", search="_search_is_observing"
    )

    _observe_tolerance_positive = models.Constraint(
        "CHECK (observe_tolerance BETWEEN 0 AND 31)",
        "Enter between 0 and 31 days that two entries may be apart.",
    )

    @api.depends(*(f"stage_{area}" for area in Area))
    def _compute_is_observing(self):
        for source in self:
            source.is_observing = Stage.OBSERVE in source._get_stages().values()

    @api.model
    def _search_is_observing(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        terms = [(f"stage_{area}", "=", Stage.OBSERVE.value) for area in Area]
        return ["|"] * (len(terms) - 1) + terms

    def _compute_observation_count(self):
        groups = self.env["saas.observation"]._read_group(
            [("source_id", "in", self.ids), ("is_open", "=", True)],
            ["source_id"],
            ["__count"],
        )
        counts = {source.id: count for source, count in groups}
        for source in self:
            source.observation_count = counts.get(source.id, 0)

    def _describe_observed(self, area=None):
        """Return how many observed objects have each result, and their amounts, as
        lines.
        """
        self.ensure_one()
        observations = self.env["saas.observation"]
        domain = [("source_id", "=", self.id), ("settled", "=", False)]
        if area:
            domain.append(("area", "=", area))
        groups = observations._read_group(domain, ["result"], ["__count", "amount:sum"])
        found = {result: figures for result, *figures in groups}
        labels = observations._fields["result"]._description_selection(self.env)
        currency = self.company_id.currency_id
        lines = []
        for result, label in labels:
            if result in found:
                count, total = found[result]
                amount = formatLang(self.env, total, currency_obj=currency)
                lines.append(f"{label}: {count} ({amount})")
        return "\n".join(lines)

    @api.constrains(*(f"stage_{area}" for area in Area))
    def _check_stages(self):
        """Refuse stages by which something would be booked whose ground is not."""
        for source in self:
            if gap := find_gap(source._get_stages()):
                source._refuse_gap(*gap, source)
            for issuer in source.issuer_ids.sudo():
                source._check_against_issuer(issuer)
            for payer in source.payer_ids.sudo():
                payer._check_against_issuer(source)

    def _check_against_issuer(self, issuer):
        """Payments of a gateway settle the documents of the systems it is linked to."""
        paid, issued = (
            self._get_stage(Area.PAYMENTS),
            issuer._get_stage(Area.DOCUMENTS),
        )
        if RANK[paid] > RANK[issued]:
            self._refuse_gap(Area.PAYMENTS, Area.DOCUMENTS, issuer)

    def _refuse_gap(self, area, needed, other):
        labels = dict(_STAGES)
        raise ValidationError(
            self.env._(
                "%(area)s of %(name)s can't be at the stage %(stage)s while %(needed)s "
                "of %(other)s are at the stage %(lower)s, which they are booked on. "
                "Bring %(needed)s that far first.",
                area=self._get_area_label(area),
                name=self.name,
                stage=labels[self._get_stage(area)],
                needed=self._get_area_label(needed),
                other=other.name,
                lower=labels[other._get_stage(needed)],
            )
        )

    def _get_stage(self, area):
        """Return the :class:`~....canonical.review.areas.Stage` of an area."""
        return Stage(self[f"stage_{area}"])

    def _get_stages(self):
        """Return the stage of each area."""
        self.ensure_one()
        return {area: self._get_stage(area) for area in Area}

    def _is_all_on(self):
        """Return whether everything is booked, and always was."""
        self.ensure_one()
        return not self.switched and set(self._get_stages().values()) == {Stage.ON}

    def _get_area_label(self, area):
        """Return what people call an area."""
        return self._fields[f"stage_{area}"].get_description(self.env)["string"]

    def _get_needed(self, area):
        """Return the areas that are not as far as an area needs to be switched on."""
        return [
            needed
            for needed in NEEDS.get(area, ())
            if self._get_stage(needed) is not Stage.ON
        ]

    def _set_stages(self, stages, why, **vals):
        """Bring areas to stages, with a row of the log for each that changes. The
        caller has checked that the user may.

        :param stages: the stage of each area to change.
        :param why: one sentence for people, without personal data.
        :param vals: values of further fields.
        :raises ValidationError: if an area would be further than what it needs.
        """
        self.ensure_one()
        changed = {a: s for a, s in stages.items() if self._get_stage(a) is not s}
        labels = dict(_STAGES)
        self.sudo().write(
            {f"stage_{area}": stage.value for area, stage in changed.items()} | vals
        )
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": self.id,
                    "action": Action.STAGE_CHANGED.value,
                    "res_model": self._name,
                    "res_id": self.id,
                    "detail": f"{area.value}: {labels[stage]}: {why}",
                }
                for area, stage in changed.items()
            ]
        )

    def action_view_observations(self):
        """Open what was observed of this source."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Observed"),
                "res_model": "saas.observation",
                "view_mode": "list,kanban,form",
                "domain": [("source_id", "=", self.id)],
                "context": {"search_default_open": 1, "search_default_group_result": 1},
            }
        )
