import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openMenu = (name) => [
    {
        content: "Open the menu of the reconciliation",
        trigger:
            ".o_menu_sections [data-menu-xmlid='saas_billing_sync.saas_reconciliation_menu']",
        run: "click",
    },
    {
        content: `Choose ${name}`,
        trigger: `.o-dropdown-item[data-menu-xmlid='saas_billing_sync.${name}']`,
        run: "click",
    },
];

// A person has a source compared with the books, and sees how it comes along.
tours.add("saas_reconcile_start", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "saas_billing_sync.saas_billing_menu",
            "Open the app"
        ),
        ...openMenu("saas_reconciliation_start_menu"),
        {
            content: "The one source is chosen already; start",
            trigger: ".modal button[name='action_start']",
            run: "click",
        },
        {
            content: "The run is shown, with its kinds",
            trigger:
                ".o_form_view .o_data_row .o_data_cell[name='kind']:contains(Invoices)",
        },
        {
            content: "It is under way",
            trigger: ".o_form_view .o_statusbar_status button:contains(Running)",
        },
        {
            content: "It shows how far it is",
            trigger: ".o_form_view .o_field_widget[name='progress'] .o_progressbar",
        },
    ],
});

// The run has ended: a person opens a difference, and has the object imported again.
tours.add("saas_reconcile_settle", {
    steps: () => [
        {
            content: "It says what to do next",
            trigger: ".o_form_view .alert-info:contains(Open the differences)",
        },
        {
            content: "Open what is still open",
            trigger: ".o_form_view button[name='action_view_differences']",
            run: "click",
        },
        {
            content: "Differences are grouped by kind",
            trigger: ".o_group_header:contains(Invoices)",
            run: "click",
        },
        {
            content: "Open the invoice's",
            trigger:
                ".o_data_row .o_data_cell[name='their_value']:contains(119.00 USD)",
            run: "click",
        },
        {
            content: "It says what to do",
            trigger: ".o_form_view .alert-info:contains(Import the object)",
        },
        {
            content: "Import it",
            trigger: ".o_form_view button[name='action_reimport']",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_notification:contains(being imported)",
        },
    ],
});

// Where all of it is settled, both charts still open.
tours.add("saas_reconcile_charts", {
    steps: () => [
        {
            content: "What was compared, by tenant",
            trigger: ".o_pivot table:contains(Nordlicht)",
        },
        {
            content: "Show it as a chart",
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_graph_renderer canvas",
        },
    ],
});
