import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// A person selects all events that match, more than the page shows, and has them retried.
tours.add("saas_operation_retry", {
    steps: () => [
        {
            content: "Select the page",
            trigger: ".o_list_view .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Select all that match",
            trigger: ".o_selection_box .o_select_domain",
            run: "click",
        },
        {
            content: "Retry them",
            trigger: ".o_control_panel button[name='action_retry']",
            run: "click",
        },
        {
            content: "The effect is shown before",
            trigger: ".modal .alert-info:contains(Events: 120.)",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit The product is mapped now.",
        },
        {
            content: "Start",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The form says how far it is",
            trigger: ".o_form_view .o_field_widget[name='outcome']:contains(0 of 120)",
        },
        {
            content: "It can be cancelled",
            trigger: ".o_form_view button[name='action_cancel']",
        },
    ],
});

// Jobs have run: the person opens what could not be booked.
tours.add("saas_operation_failures", {
    steps: () => [
        {
            content: "Open the operation",
            trigger: ".o_data_row .o_data_cell[name='reason']:contains(mapped now)",
            run: "click",
        },
        {
            content: "It is over, and says what came of it",
            trigger:
                ".o_form_view .o_field_widget[name='outcome']:contains(Need a person: 1.)",
        },
        {
            content: "Open the failures",
            trigger: ".o_form_view .btn-primary[name='action_view_failures']",
            run: "click",
        },
        {
            content: "They are listed",
            trigger: ".o_list_view .o_data_row .o_data_cell[name='event_type']",
        },
    ],
});
