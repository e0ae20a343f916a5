import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openApp = () =>
    stepUtils.goToAppSteps("saas_billing_sync.saas_billing_menu", "Open the app");

const openPage = (menu) => [
    {
        content: "Open the dashboards",
        trigger:
            ".o_menu_sections [data-menu-xmlid='saas_billing_sync.saas_dashboards_menu']",
        run: "click",
    },
    {
        content: "Choose the page",
        trigger: `.o-dropdown-item[data-menu-xmlid='saas_billing_sync.${menu}']`,
        run: "click",
    },
];

// An operator sees what waits, opens it, comes back, and finds the other pages.
tours.add("saas_metrics_operator", {
    steps: () => [
        ...openApp(),
        {
            content: "The first page says what was given up, and nothing of money",
            trigger:
                ".o_saas_board:not(:has([data-section='finance'])) [data-tile='dead'][data-value='1']",
            run: "click",
        },
        {
            content: "It opens the one event",
            trigger: ".o_list_view .o_data_row:contains(invoice.paid)",
        },
        {
            content: "Go back",
            trigger: ".o_back_button, .breadcrumb-item a:contains(Home)",
            run: "click",
        },
        ...openPage("saas_operations_menu"),
        {
            content: "There is a picture of the last day",
            trigger: "[data-section='hours'] canvas",
        },
        {
            content: "Three events wait",
            trigger: "[data-section='now'] [data-tile='waiting'][data-value='3']",
        },
        {
            content: "Read again",
            trigger: ".o_saas_refresh",
            run: "click",
        },
        {
            content: "Open what stopped, by its reason",
            trigger: "[data-section='reasons'] .o_saas_open:contains(Dead)",
            run: "click",
        },
        {
            content: "It is the one event",
            trigger: ".o_list_view .o_data_row:contains(invoice.paid)",
        },
        ...openPage("saas_flows_menu"),
        {
            content: "Each kind of fact has a row",
            trigger: ".o_saas_table:contains(Customer invoices):contains(Payouts)",
        },
        {
            content: "The page can be printed",
            trigger: ".o_saas_print",
        },
        {
            content: "See whose each fact is",
            trigger: ".o_saas_links button:contains(Whose)",
            run: "click",
        },
        {
            content: "The rules have a row for each",
            trigger: ".o_list_view .o_data_row:contains(Payouts)",
        },
        {
            content: "Finance is not offered",
            trigger:
                ".o_main_navbar:not(:has([data-menu-xmlid='saas_billing_sync.saas_finance_menu']))",
        },
    ],
});

// A reviewer sees money, and opens the payments that are on no document.
tours.add("saas_metrics_reviewer", {
    steps: () => [
        ...openApp(),
        {
            content: "Money is told on the first page",
            trigger: "[data-section='finance'] [data-tile='unmatched']",
        },
        ...openPage("saas_finance_menu"),
        {
            content: "Open the payments without a document",
            trigger: "[data-section='now'] [data-tile='unmatched']:enabled",
            run: "click",
        },
        {
            content: "It is one journal item",
            trigger: ".o_list_view .o_data_row",
        },
        {
            content: "Below its own name",
            trigger: ".o_breadcrumb:contains(Payments Without a Document)",
        },
    ],
});

// A phone: the same page, and one figure is opened.
tours.add("saas_metrics_phone", {
    steps: () => [
        {
            content: "Open what was given up",
            trigger: "[data-tile='dead'][data-value='1']",
            run: "click",
        },
        {
            content: "It is a card",
            trigger: ".o_kanban_view .o_kanban_record:contains(invoice.paid)",
        },
    ],
});
