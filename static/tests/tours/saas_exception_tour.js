import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

// What a person chooses in the dialog that maps a product.
const chooseProduct = [
    {
        content: "Look for our product",
        trigger: ".modal .o_field_widget[name='product_id'] input",
        run: "edit Analytics plan",
    },
    {
        content: "Choose it",
        trigger:
            ".o-autocomplete--dropdown-item:not(:has(.o_m2o_dropdown_option)) a:contains(Analytics plan)",
        run: "click",
    },
];
const mapToProduct = [
    ...chooseProduct,
    {
        content: "Save the mapping",
        trigger: ".modal .o_form_button_save:enabled",
        run: "click",
    },
];

// A person finds the event that could not be booked, mends the cause, and sees it go on.
tours.add("saas_exception_retry", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "saas_billing_sync.saas_billing_menu",
            "Open the app"
        ),
        {
            content: "Open the menu of events",
            trigger:
                ".o_menu_sections [data-menu-xmlid='saas_billing_sync.saas_events_menu']",
            run: "click",
        },
        {
            content: "Choose those that wait",
            trigger:
                ".o-dropdown-item[data-menu-xmlid='saas_billing_sync.saas_subscription_event_exception_menu']",
            run: "click",
        },
        {
            content: "They are grouped by what is wrong with them",
            trigger: ".o_breadcrumb:contains(Waiting Events)",
        },
        {
            content: "Unfold those with the reason",
            trigger: ".o_group_header:contains(Unmapped product)",
            run: "click",
        },
        {
            content: "Open the event",
            trigger:
                ".o_data_row .o_data_cell[name='event_type']:contains(invoice.finalized)",
            run: "click",
        },
        {
            content: "It says what is wrong",
            trigger: ".o_form_view .alert-warning:contains(Unmapped product)",
        },
        {
            content: "It says what to do about it",
            trigger: ".o_form_view .alert-warning:contains(Press Map Product)",
        },
        {
            content: "Do so from here",
            trigger: ".alert-warning button[name='action_map_product']:enabled",
            run: "click",
        },
        {
            content: "The product's ID at the source is there already",
            trigger: ".modal .o_field_widget[name='external_id'] input:value(prod_)",
        },
        ...mapToProduct,
        {
            content: "It is in the inbox again",
            trigger:
                ".o_statusbar_status button[aria-checked='true']:contains(Received)",
        },
    ],
});

// Later, the job runner has been at it: the event leads to the posted invoice.
tours.add("saas_exception_done", {
    steps: () => [
        {
            content: "The event is done",
            trigger: ".o_statusbar_status button[aria-checked='true']:contains(Done)",
        },
        {
            content: "Nothing is asked for any more",
            trigger: ".o_form_view:not(:has(.alert-warning:visible))",
        },
        {
            content: "Follow the link to what was booked",
            trigger: ".o-form-buttonbox button[name='action_view_moves']:contains(1)",
            run: "click",
        },
        {
            content: "It is a posted invoice",
            trigger: ".o_statusbar_status button[aria-checked='true']:contains(Posted)",
        },
        {
            content: "Over what the source charged",
            trigger: ".oe_subtotal_footer:contains(119.00)",
        },
        {
            content: "And it leads back to the event",
            trigger: ".o-form-buttonbox button[name='action_view_saas_events']",
            run: "click",
        },
        {
            content: "Which is this one",
            trigger: ".o_form_view h2:contains(invoice.finalized)",
        },
    ],
});

// A person settles one case, and the next one opens by itself.
tours.add("saas_case_settle", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "saas_billing_sync.saas_billing_menu",
            "Open the app"
        ),
        {
            content: "Open the exceptions",
            trigger:
                ".o_menu_sections [data-menu-xmlid='saas_billing_sync.saas_exception_menu']",
            run: "click",
        },
        {
            content: "Open the case with more at stake",
            trigger: ".o_data_row:first .o_data_cell[name='reason']",
            run: "click",
        },
        {
            content: "It says what a decision moves",
            trigger: ".o_form_view .alert-warning:contains(settled: 2)",
        },
        {
            content: "Say that you work on it",
            trigger: ".o_statusbar_buttons button[name='action_take']:enabled",
            run: "click",
        },
        {
            content: "It is yours",
            trigger:
                ".o_form_view:not(:has(.o_statusbar_buttons button[name='action_take']))",
        },
        {
            content: "Take the next step from here",
            trigger: ".alert-warning button[name='action_map_product']:enabled",
            run: "click",
        },
        ...chooseProduct,
        {
            content: "Map it",
            trigger: ".modal-footer button[name='action_apply']:enabled",
            run: "click",
        },
        {
            content: "The next case opens by itself",
            trigger: ".o_form_view .alert-warning:contains(prod_other)",
        },
    ],
});
