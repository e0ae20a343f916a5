import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const inDialog = (step) => ({
    ...step,
    trigger: `.o_dialog:not(.o_inactive_modal) ${step.trigger}`,
});

// A reviewer gives a customer more seats from a day on, and takes that back.
tours.add("saas_subscription_amend", {
    steps: () => [
        {
            content: "Open the subscription",
            trigger: ".o_data_row:contains(S-1) .o_data_cell",
            run: "click",
        },
        {
            content: "Change it",
            trigger: ".o_form_view button[name='action_change']",
            run: "click",
        },
        inDialog({
            content: "Say why",
            trigger: ".o_field_widget[name='note'] input",
            run: "edit Three people more",
        }),
        inDialog({
            content: "Choose the seats",
            trigger: ".o_data_row:contains(seats) .o_data_cell[name='quantity']",
            run: "click",
        }),
        inDialog({
            content: "Enter their number",
            trigger: ".o_field_widget[name='quantity'] input",
            run: "edit 8 && press Tab",
        }),
        inDialog({
            content: "What it comes to is shown before anything is kept",
            trigger: ".o_field_widget[name='timeline']:contains(8)",
        }),
        inDialog({
            content: "Apply it",
            trigger: "button[name='action_apply']",
            run: "click",
        }),
        {
            content: "It is done",
            trigger: ".o_notification:contains(It is done)",
        },
        {
            content: "Take it back",
            trigger: ".o_form_statusbar button[name='action_withdraw']",
            run: "click",
        },
        inDialog({
            content: "Look for the change",
            trigger: ".o_field_widget[name='withdraw_id'] input",
            run: "click",
        }),
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Changed)",
            run: "click",
        },
        inDialog({
            content: "Say why",
            trigger: ".o_field_widget[name='note'] input",
            run: "edit They stay away && press Tab",
        }),
        inDialog({
            content: "Apply it",
            trigger: "button[name='action_apply']",
            run: "click",
        }),
        {
            content: "It is as it was",
            trigger: "body:not(:has(.o_dialog)) .o_form_view",
        },
    ],
});
