import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const inDialog = (step) => ({
    ...step,
    trigger: `.o_dialog:not(.o_inactive_modal) ${step.trigger}`,
});

// A reviewer has a gateway collect an own invoice, and sees what has come of it.
tours.add("saas_collect", {
    steps: () => [
        {
            content: "Collect the invoice",
            trigger: ".o_form_view button[name='action_collect_saas']",
            run: "click",
        },
        inDialog({
            content: "What happens is said before anything is ordered",
            trigger: ".o_field_widget[name='preview']:contains(50.00):contains(cus_1)",
        }),
        inDialog({
            content: "Order it",
            trigger: "button[name='action_start']",
            run: "click",
        }),
        {
            content: "It can't be ordered once more",
            trigger:
                "body:not(:has(.o_dialog)) .o_form_view:not(:has(button[name='action_collect_saas']))",
        },
        {
            content: "See what has come of it",
            trigger: ".o_notebook_headers a:contains(Other Info)",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_field_widget[name='saas_collection_state']:contains(Waiting)",
        },
        {
            content: "What happens next is said in a sentence",
            trigger: ".o_field_widget[name='saas_collection_note']:contains(next)",
        },
    ],
});
