import {
    APPROVER,
    MANAGER,
    OPERATOR,
    REVIEWER,
    addCaseTours,
    addEventTours,
    chooseFirst,
    decide,
    fill,
    goBack,
    openTab,
    press,
    preview,
    retry,
    seePreview,
} from "./saas_reason_steps";

// The books can't take what is stated, a person decided about it, or it is observed.

/** Say that it is the one record that a person has entered by hand. */
const bind = (note, before = [], seen = []) => [
    press("action_bind_record"),
    ...before,
    ...chooseFirst("move_id"),
    ...seen,
    fill("note", note),
    ...preview,
    ...decide(),
];

const anotherDay = [
    {
        content: "It says that the day differs",
        trigger: ".modal .o_field_widget[name='difference']:contains(The day is)",
    },
];

addCaseTours("amount_mismatch", {
    label: "Amount mismatch",
    who: REVIEWER,
    hidden: ["action_bind_record"],
    steps: bind("A cent is theirs."),
});

addCaseTours("currency_mismatch", {
    label: "Currency mismatch",
    who: REVIEWER,
    hidden: ["action_set_up_currency"],
    steps: [
        press("action_set_up_currency"),
        fill("rate", "0.8"),
        ...preview,
        ...decide(),
    ],
});

addCaseTours("period_locked", {
    label: "Period locked",
    who: REVIEWER,
    hidden: ["action_bind_record"],
    steps: [
        {
            content: "It says what locks it, and from when on it is open",
            trigger:
                ".o_form_view .o_field_widget[name='lock_note']:contains(11/02/2026):contains(11/03/2026)",
        },
        ...bind("November began.", [], anotherDay),
    ],
});

addCaseTours("posting_failed", {
    label: "Posting failed",
    who: REVIEWER,
    hidden: ["action_preview_retry"],
    steps: retry,
});

addCaseTours("retries_exhausted", {
    label: "Retries used up",
    who: OPERATOR,
    hidden: ["action_apply_suggestion", "action_preview_retry"],
    steps: [press("action_apply_suggestion"), seePreview, ...decide("action_retry")],
});

addCaseTours("changed_by_person", {
    label: "Changed by a person",
    who: REVIEWER,
    hidden: ["action_preview_retry"],
    steps: retry,
});

const bookAfterAll = [
    press("action_book_after_all"),
    fill("note", "It is not there."),
    ...preview,
    ...decide(),
];

addEventTours("ignored_by_person", {
    label: "Ignored by a person",
    who: REVIEWER,
    hidden: ["action_book_after_all"],
    steps: bookAfterAll,
});

addCaseTours("parent_ignored", {
    label: "Belongs to what was ignored",
    who: REVIEWER,
    hidden: ["action_bind_record"],
    steps: [
        press("action_open_parent"),
        {
            content: "That one was ignored",
            trigger: ".o_form_view h2:contains(invoice.finalized)",
        },
        ...bookAfterAll,
    ],
});

addEventTours("money_not_booked", {
    label: "Money not booked",
    who: REVIEWER,
    hidden: ["action_bind_record"],
    steps: [
        goBack,
        {
            content: "Open the event of its balance transaction",
            trigger:
                ".o_data_row .o_data_cell[name='event_type']:contains(balance_transaction)",
            run: "click",
        },
        {
            content: "It is done, and its money is open",
            trigger: ".o_form_view h2:contains(balance_transaction)",
        },
        ...bind("Bought with the card.", [], anotherDay),
    ],
});

addCaseTours("before_cutover", {
    label: "Before the cut-over",
    who: REVIEWER,
    hidden: ["action_bind_record"],
    steps: bind("The old books have the payout."),
});

const openStages = [press("action_open_source"), openTab("stages")];

const chooseIn = (name, text) => [
    {
        content: `Look what ${name} may be`,
        trigger: `.modal .o_field_widget[name='${name}'] input`,
        run: "click",
    },
    {
        content: `Choose ${text}`,
        trigger: `.o_select_menu_item:contains(${text})`,
        run: "click",
    },
    {
        content: `It is ${text}`,
        trigger: `.modal .o_field_widget[name='${name}'] input:value(${text})`,
    },
];

const open = (label) => ({
    content: label,
    trigger: `.o_form_view button:contains(${label}):enabled`,
    run: "click",
});

addEventTours("observed", {
    label: "Being observed",
    who: APPROVER,
    way: openStages,
    hidden: [["Switch On", "saas.switch.on"]],
    steps: [
        open("Switch On"),
        ...chooseIn("area", "Documents"),
        {
            content: "Look at the day",
            trigger: ".modal .o_field_widget[name='day'] :is(button, input)",
            run: "click",
        },
        fill("day", "11/01/2026"),
        fill("note", "It agrees."),
        ...decide(),
    ],
});

addEventTours("area_off", {
    label: "Area is off",
    who: MANAGER,
    way: openStages,
    hidden: [["Change Stages", "saas.stage.change"]],
    steps: [
        open("Change Stages"),
        ...chooseIn("documents", "Observe"),
        fill("note", "We take it."),
        ...decide(),
    ],
});
