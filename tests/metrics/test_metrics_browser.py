"""The pages in a real browser: as the right person, at a desk and on a phone. Covers
static/src/metrics.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon
from .reading import ReadingMixin, ago

_PAGES = {
    "operator": ("saas-home", "saas-operations", "saas-flows"),
    "reviewer": ("saas-home", "saas-finance", "saas-flows"),
}
#: A page that the other role's menu has.
_FOREIGN = {"operator": "saas-finance", "reviewer": "saas-operations"}
_CHECK = """
const wide = [...document.querySelectorAll(".o_action_manager *")].filter(
    (node) =>
        node.getBoundingClientRect().right > window.innerWidth + 1 &&
        !node.closest(".o_control_panel")
);
if (!document.querySelector(".o_saas_board .o_saas_section")) {
    console.error("no page");
} else if (wide.length) {
    const shown = wide.slice(0, 3).map((node) => node.outerHTML.slice(0, 300));
    console.error("too wide: " + shown.join("\\n"));
} else {
    console.log("test successful");
}
"""
_READY = "!!document.querySelector('.o_saas_board .o_saas_section')"
_REFUSED = """
if (document.querySelector(".o_saas_section")) {
    console.error("the page is shown");
} else {
    console.log("test successful");
}
"""


@tagged("post_install", "-at_install")
class TestMetricsBrowser(BrowserMixin, ReadingMixin, SaasHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_person(cls, f"board_{role}", role) for role in _PAGES}

    def setUp(self):
        super().setUp()
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.succeeded"),
            stripe_fixtures.load("basil", "invoice.finalized"),
        )
        self.put_events(3, state="'received'", event_type="'customer.created'")
        self.put_events(1, state="'dead'", reason="'retries_exhausted'")
        self.put_events(20, processed_at=ago(hours=2), received_at=ago(hours=3))
        self.env.flush_all()

    def test_an_operator_follows_a_figure(self):
        self.start_tour("/odoo", "saas_metrics_operator", login="board_operator")

    def test_a_reviewer_follows_money(self):
        self.start_tour("/odoo", "saas_metrics_reviewer", login="board_reviewer")

    def test_nothing_is_wider_than_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        for role, paths in _PAGES.items():
            for path in paths:
                with self.subTest(role=role, page=path):
                    self.browser_js(
                        f"/odoo/{path}", _CHECK, _READY, login=f"board_{role}"
                    )
        self.start_tour("/odoo/saas-home", "saas_metrics_phone", login="board_operator")

    def test_nobody_opens_a_page_by_its_address(self):
        """The address of a page is no secret; the server refuses what is on it."""
        for role, path in _FOREIGN.items():
            with self.subTest(role=role, page=path):
                self.browser_js(
                    f"/odoo/{path}",
                    _REFUSED,
                    "!!document.querySelector('.o_error_dialog, .modal')",
                    login=f"board_{role}",
                    error_checker=_is_other_error,
                )


def _is_other_error(message):
    return "may not see this page" not in message
