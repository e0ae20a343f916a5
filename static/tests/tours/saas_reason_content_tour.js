import {
    MANAGER,
    OPERATOR,
    REVIEWER,
    addCaseTours,
    addEventTours,
    confirm,
    decide,
    fill,
    goBack,
    openTab,
    press,
    preview,
    retry,
    save,
} from "./saas_reason_steps";

// The event is not what it should be, or belongs somewhere else.

const ignore = [
    press("action_ignore"),
    fill("note", "It is nothing to us."),
    ...preview,
    ...decide(),
];

addCaseTours("invalid_payload", {
    label: "Invalid payload",
    who: OPERATOR,
    hidden: ["action_ignore"],
    steps: ignore,
});

addCaseTours("unusable_plan", {
    label: "Plan not usable",
    who: MANAGER,
    hidden: ["action_ignore"],
    steps: [
        {
            content: "The plans are one click away",
            trigger: ".o_form_view button[name='action_open_plans']",
        },
        ...ignore,
    ],
});

addCaseTours("not_allowed", {
    label: "Change not allowed",
    who: REVIEWER,
    hidden: ["action_ignore"],
    steps: [
        {
            content: "The subscription is one click away",
            trigger: ".o_form_view button[name='action_open_subscription']",
        },
        ...ignore,
    ],
});

addCaseTours("id_reused", {
    label: "Same ID",
    who: REVIEWER,
    hidden: ["action_accept_content"],
    steps: [press("action_accept_content"), ...confirm],
});

addEventTours("not_owner", {
    label: "Not the owner",
    who: REVIEWER,
    hidden: ["action_accept_once"],
    steps: [
        {
            content: "What was told, and what is kept, stand side by side",
            trigger: ".o_form_view .o_field_widget[name='figures_html'] table",
        },
        press("action_accept_once"),
        ...preview,
        ...decide(),
        {
            content: "It is in the inbox again",
            trigger:
                ".o_statusbar_status button[aria-checked='true']:contains(Received)",
        },
    ],
});

addCaseTours("incomplete_payload", {
    label: "Incomplete payload",
    who: MANAGER,
    way: [press("action_open_source"), openTab("connection")],
    hidden: [["new_api_key", "saas.source"]],
    steps: [
        fill("new_api_key", "sk_test_4eCcounterpart39HqLyjW", ".o_form_view"),
        ...save,
        goBack,
        ...retry,
    ],
});

addCaseTours("unsupported_type", {
    label: "Not handled",
    who: REVIEWER,
    hidden: ["action_ignore"],
    steps: ignore,
});

addCaseTours("missing_reference", {
    label: "Missing reference",
    who: REVIEWER,
    hidden: ["action_preview_retry"],
    steps: [press("action_ask_source"), ...preview, ...decide()],
});

addEventTours("held_by_person", {
    label: "Held back by a person",
    who: OPERATOR,
    hidden: ["action_let_go"],
    steps: [press("action_let_go"), fill("reason", "It is settled."), ...decide()],
});

addCaseTours("wrong_mode", {
    label: "Wrong mode",
    who: MANAGER,
    hidden: ["action_ignore"],
    steps: ignore,
});

addCaseTours("unknown_account", {
    label: "Unknown account",
    who: MANAGER,
    way: [press("action_open_source")],
    hidden: [["account_ref", "saas.source"]],
    steps: [
        fill("account_ref", "acct_typo", ".o_form_view"),
        ...save,
        goBack,
        ...retry,
    ],
});
