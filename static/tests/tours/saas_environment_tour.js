import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openApp = () =>
    stepUtils.goToAppSteps("saas_billing_sync.saas_billing_menu", "Open the app");

const openSource = () => [
    {
        content: "Open the configuration",
        trigger:
            ".o_menu_sections [data-menu-xmlid='saas_billing_sync.saas_configuration_menu']",
        run: "click",
    },
    {
        content: "Choose the sources",
        trigger:
            ".o-dropdown-item[data-menu-xmlid='saas_billing_sync.saas_source_menu']",
        run: "click",
    },
    {
        content: "The sources are there",
        trigger: ".o_breadcrumb:contains(Sources)",
    },
];

const openForm = {
    content: "Open the source",
    trigger: ".o_data_cell:contains(Stripe test account)",
    run: "click",
};

const readOnHome = {
    content: "It is said on the first page",
    trigger: ".o_saas_board .alert-danger:contains(set up as production)",
};

const readAboveList = {
    content: "It is said above the rows",
    trigger: ".o_list_view .alert-danger:contains(set up as production)",
};

// A manager sees that nothing is processed, and says that this is the real database.
tours.add("saas_environment_confirm", {
    steps: () => [
        ...openApp(),
        readOnHome,
        ...openSource(),
        readAboveList,
        openForm,
        {
            content: "Confirm",
            trigger: ".alert-danger button[name='action_confirm_environment']",
            run: "click",
        },
        {
            content: "Really",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is said no longer",
            trigger: ".o_form_view:not(:has(.alert-danger))",
        },
    ],
});

// Others see it, and who must act.
tours.add("saas_environment_read", {
    steps: () => [
        ...openApp(),
        readOnHome,
        ...openSource(),
        openForm,
        {
            content: "There is the sentence, and no button",
            trigger:
                ".alert-danger:contains(integration manager confirms):not(:has(button))",
        },
    ],
});

// A phone shows cards instead of rows.
tours.add("saas_environment_phone", {
    steps: () => [
        {
            content: "It is said above the cards",
            trigger:
                ".o_kanban_view:has(.o_kanban_record:contains(customer.created)) .alert-danger:contains(set up as production)",
        },
    ],
});

// The real database says nothing of it.
tours.add("saas_environment_real", {
    steps: () => [
        ...openApp(),
        {
            content: "The first page is there, and no alert",
            trigger: ".o_saas_board:has(.o_saas_tile):not(:has(.alert-danger))",
        },
    ],
});
