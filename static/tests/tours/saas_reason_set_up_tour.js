import {
    MANAGER,
    REVIEWER,
    addCaseTours,
    choose,
    decide,
    fill,
    openTab,
    press,
    preview,
    save,
    seePreview,
} from "./saas_reason_steps";

// A customer or the set-up is not clear.

const chooseCustomer = (...steps) => [
    press("action_choose_customer"),
    ...steps,
    ...preview,
    ...decide(),
];

addCaseTours("unknown_tenant", {
    label: "Unknown tenant",
    who: REVIEWER,
    hidden: ["action_choose_customer"],
    steps: chooseCustomer(
        {
            content: "It is a contact",
            trigger:
                ".modal .o_field_widget[name='choice'] input[data-value='partner']",
            run: "click",
        },
        ...choose("partner_id", "Late")
    ),
});

addCaseTours("duplicate_customer", {
    label: "Duplicate customer",
    who: REVIEWER,
    hidden: ["action_choose_customer"],
    steps: chooseCustomer(
        {
            content: "It is one of those that look like it",
            trigger: ".modal .o_field_widget[name='candidate_ids'] td:contains('Two')",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: ".modal .o_field_widget[name='partner_id'] input:value(Two)",
        }
    ),
});

addCaseTours("unmapped_product", {
    label: "Unmapped product",
    who: MANAGER,
    hidden: [["action_map_product", "saas.product.map"]],
    steps: [
        press("action_map_product"),
        ...choose("product_id", "product_b"),
        ...preview,
        ...decide(),
    ],
});

const mapTax = [
    press("action_map_tax"),
    ...choose("tax_id", "19% VAT"),
    ...preview,
    ...decide(),
];

addCaseTours("unmapped_tax", {
    label: "Unmapped tax",
    who: MANAGER,
    hidden: [["action_map_tax", "saas.tax.map"]],
    steps: mapTax,
});

addCaseTours("tax_mismatch", {
    label: "Tax mismatch",
    who: MANAGER,
    hidden: [["action_map_tax", "saas.tax.map"]],
    steps: [
        {
            content: "Both computations stand side by side",
            trigger: ".o_form_view .o_field_widget[name='figures_html'] .table-danger",
        },
        ...mapTax,
    ],
});

addCaseTours("incomplete_setup", {
    label: "Incomplete set-up",
    who: MANAGER,
    hidden: ["action_apply_suggestion"],
    steps: [press("action_apply_suggestion"), seePreview, ...decide()],
});

addCaseTours("source_refused", {
    label: "Source refused",
    who: MANAGER,
    hidden: ["action_test_source"],
    steps: [
        press("action_open_source"),
        openTab("connection"),
        fill("new_api_key", "sk_test_4eCcounterpart39HqLyjW", ".o_form_view"),
        // With another key its events are tried again by themselves.
        ...save,
    ],
});
