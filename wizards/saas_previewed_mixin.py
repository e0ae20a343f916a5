from markupsafe import Markup

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS


class SaasPreviewedMixin(models.AbstractModel):
    """A wizard that shows what would come of it before it is applied. Its own
    ``action_apply`` runs in the preview, with what the person has chosen.
    """

    _name = "saas.previewed.mixin"
    _description = "SaaS wizard with a preview"

    preview = fields.Html(compute="_compute_preview", compute_sudo=True)
    preview_page = fields.Html(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="What was shown. It tells of a company's books, so nobody sees it but who "
        "asked for it.",
    )

    head = fields.Char(
        compute="_compute_head",
        help="How many events are freed, and what is at stake with them.",
    )

    def _get_shown_events(self):
        """Return the events that a preview shows."""
        return self.event_ids

    @api.depends(lambda self: [n for n in ("event_ids",) if n in self._fields])
    def _compute_head(self):
        """Tell what settling the case moves that the event is in, or all events are."""
        for wizard in self:
            events = wizard._get_shown_events()._origin
            first = events[:1]
            cases = first.case_link_ids.filtered("is_open").case_id
            case = cases.filtered(lambda case, e=first: case.reason == e.reason)[:1]
            is_whole = len(events) == 1 or events == case._get_events().sudo(False)
            wizard.head = is_whole and case.head

    @api.depends("preview_page")
    @api.depends_context("uid")
    def _compute_preview(self):
        for wizard in self:
            is_own = wizard.create_uid == self.env.user
            wizard.preview = is_own and wizard.preview_page

    def onchange(self, values, field_names, fields_spec):
        """Take the preview away when something else is chosen: it shows what was."""
        result = super().onchange(values, field_names, fields_spec)
        if field_names and "preview" in fields_spec:
            result.setdefault("value", {})["preview"] = False
        return result

    def _show_trouble(self, message):
        """Show, where the preview would be, why nothing comes of what is chosen."""
        self.sudo().preview_page = Markup(
            '<div class="alert alert-warning" role="alert">%s</div>'
        ) % (message)

    def action_preview(self):
        """Show in the wizard what would come of applying it; nothing is kept.

        :raises UserError: what applying it raises.
        """
        self.ensure_one()
        self._check_links()
        events = self._get_shown_events()
        # A form that is about no event has a company.
        company = self.company_id if "company_id" in self._fields else None
        result = self.env["saas.preview"]._preview(
            events, self._get_previewed_change(), company
        )
        self.sudo().preview_page = self.env["saas.preview.page"]._render(result)
        return events._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self._description,
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
                "context": {"dialog_size": "large"},
            }
        )

    def _get_previewed_change(self):
        """Return the change that is previewed, as ``saas.preview`` takes it. What is
        chosen is handed over as values: the preview does not see this wizard if it was
        made in the same request.
        """
        [vals] = self.copy_data()
        return lambda env: env[self._name].create(vals).action_apply()
