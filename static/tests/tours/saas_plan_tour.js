import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const edit = (name, text) => ({
    content: `Enter the ${name}`,
    trigger: `.o_field_widget[name='${name}'] input`,
    run: `edit ${text}`,
});

/** The topmost dialog: another one may be below it. */
const inDialog = (step) => ({
    ...step,
    trigger: `.o_dialog:not(.o_inactive_modal) ${step.trigger}`,
});

const choose = (name, text) => [
    inDialog(edit(name, text)),
    {
        content: `Choose the ${name}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
        run: "click",
    },
];

const select = (name, label) => [
    inDialog({
        content: `Open the list of ${name}`,
        trigger: `.o_field_widget[name='${name}'] input`,
        run: "click",
    }),
    {
        content: `Choose ${label}`,
        trigger: `.o_select_menu_item:contains(${label})`,
        run: "click",
    },
];

const addRow = (name) => ({
    content: `Add to ${name}`,
    trigger: `.o_field_widget[name='${name}'] .o_field_x2many_list_row_add a`,
    run: "click",
});

const tier = (number, label, text) =>
    inDialog({
        content: `Tier ${number}: ${label}`,
        trigger: `.o_saas_tiers tbody tr:nth-child(${number}) input[aria-label='${label}']`,
        run: `edit ${text} && press Tab`,
    });

const ADD_TIER = inDialog({
    content: "Add a tier",
    trigger: ".o_field_widget[name='tiers'] button:contains(Add a tier)",
    run: "click",
});

const SAVE_DIALOG = inDialog({
    content: "Save the dialog",
    trigger: ".o_form_button_save",
    run: "click",
});

// A manager makes a plan whose calls cost less the more there are, and publishes it.
tours.add("saas_plan_publish", {
    steps: () => [
        {
            content: "A new plan",
            trigger: ".o_list_button_add",
            run: "click",
        },
        edit("name", "Team"),
        edit("code", "team"),
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It gets a version",
            trigger: "button[name='action_new_version']:contains(New Version)",
            run: "click",
        },
        {
            content: "The draft is open",
            trigger: ".o_field_widget[name='name']:contains(Team 1)",
        },
        {
            content: "It is not complete",
            trigger: "button[name='action_publish']",
            run: "click",
        },
        {
            content: "Publish it all the same",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "What is missing is said",
            trigger: ".modal-body:contains(Add a component.)",
        },
        {
            content: "Go on",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        addRow("component_ids"),
        inDialog(edit("name", "Calls")),
        inDialog(edit("code", "calls")),
        ...select("kind", "What is used"),
        ...choose("meter_id", "API calls"),
        ...choose("product_id", "Metered calls"),
        ...select("model", "Each costs what its tier says"),
        inDialog(addRow("price_ids")),
        ADD_TIER,
        tier(1, "Up to", "1000"),
        tier(1, "Price for each", "0.10"),
        ADD_TIER,
        tier(2, "Price for each", "0.05"),
        inDialog({
            content: "The price is said in words",
            trigger:
                ".o_field_widget[name='summary']:contains(up to 1,000; then $0.05 each)",
        }),
        SAVE_DIALOG,
        inDialog({
            content: "The component has the price",
            trigger:
                ".o_field_widget[name='price_ids'] .o_data_row:contains(then $0.05 each)",
        }),
        SAVE_DIALOG,
        {
            content: "The version has the component",
            trigger:
                ".o_field_widget[name='component_ids'] .o_data_row:contains(then $0.05 each)",
        },
        {
            content: "Publish it",
            trigger: "button[name='action_publish']",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is published",
            trigger:
                ".o_statusbar_status button[aria-checked='true']:contains(Published)",
        },
        {
            content: "Look at it as customers do",
            trigger: ".nav-link[name='summary']",
            run: "click",
        },
        {
            content: "Examples are counted",
            trigger: ".o_field_widget[name='price_examples'] td:contains($550.00)",
        },
    ],
});
