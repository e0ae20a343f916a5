import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const tours = registry.category("web_tour.tours");

/** Whom a refusal and a next step name. */
export const OPERATOR = "operator";
export const MANAGER = "integration manager";
export const REVIEWER = "finance reviewer";
export const APPROVER = "finance approver";

const CASE = "saas.exception";
const EVENT = "saas.subscription.event";

const click = (content, trigger) => ({content, trigger, run: "click"});

/** Press a button of the form that is open. */
export const press = (name) =>
    click(`Press ${name}`, `.o_form_view button[name='${name}']:enabled`);

/** Write into a field: of the dialog, or of the form if there is no dialog. */
export const fill = (name, text, where = ".modal") => ({
    content: `Fill in ${name}`,
    trigger: `${where} .o_field_widget[name='${name}'] :is(input, textarea)`,
    run: `edit ${text}`,
});

/** Choose in a field of the dialog what it offers under these words. */
export const choose = (name, text) => [
    fill(name, text),
    click(
        `Choose ${text}`,
        `.o-autocomplete--dropdown-item:not(:has(.o_m2o_dropdown_option)) a:not(.o_loading):contains(${text})`
    ),
];

/** Choose in a field of the dialog the one record that it offers. */
export const chooseFirst = (name) => [
    click(`Look what ${name} may be`, `.modal .o_field_widget[name='${name}'] input`),
    click(
        "Choose it",
        ".o-autocomplete--dropdown-item:not(:has(.o_m2o_dropdown_option)) a:not(.o_loading)"
    ),
];

/** See in the dialog what would come of it. */
export const seePreview = {
    content: "See what would come of it",
    trigger: ".modal .o_field_widget[name='preview']:contains(This is a preview)",
};

export const preview = [
    click("Ask what would come of it", ".modal button[name='action_preview']:enabled"),
    seePreview,
];

/** Decide: press the dialog's button, and see it close. */
export const decide = (name = "action_apply") => [
    click("That is right", `.modal-footer button[name='${name}']:enabled`),
    {content: "It is stored", trigger: "body:not(:has(.modal))"},
];

/** Say in the browser's own question that one is sure. */
export const confirm = [
    click("I am sure", ".modal-footer button.btn-primary:enabled"),
    {content: "It is stored", trigger: "body:not(:has(.modal))"},
];

export const save = [
    click("Save", ".o_form_button_save:enabled"),
    {content: "It is saved", trigger: ".o_form_view:not(:has(.o_form_dirty))"},
];

export const openTab = (name) =>
    click(`Open the page ${name}`, `.o_form_view .nav-link[name='${name}']`);

/** Go back to where the source was opened from. */
export const goBack = click("Go back", ".o_breadcrumb .o_back_button");

/** Retry from the case, with the preview of what comes of it. */
export const retry = [
    press("action_preview_retry"),
    seePreview,
    ...decide("action_retry"),
];

/** Be told whom to ask. */
export const beTold = (who) => [
    {
        content: "Only others may do that",
        trigger: `.modal:contains(Ask an):contains(${who})`,
    },
    click("I see", ".modal-footer button.btn-primary"),
];

const openRow = (label) =>
    click(
        `Open what waits: ${label}`,
        `.o_data_row .o_data_cell[name='reason']:contains(${label})`
    );

const openCase = (label, who) => [
    openRow(label),
    {
        content: "It says what happened, who should act, and what to do",
        trigger: `.o_form_view .alert-warning:contains(${label}):has(.o_field_widget[name='next_step'] span:not(:empty))`,
        run: ({anchor}) => check(anchor, who),
    },
];

const openEvent = (label) => [
    openRow(label),
    {
        content: "It says what to do",
        trigger:
            ".o_form_view .alert .o_field_widget[name='next_step'] span:not(:empty)",
    },
];

function check({textContent}, words) {
    if (!textContent.toLowerCase().includes(words)) {
        throw new Error(`It does not name the ${words}: ${textContent}`);
    }
}

/** Return whether the form has a button of a name or label, or a field to write in. */
function isOffered(name) {
    const buttons = document.querySelectorAll(".o_form_view button");
    const field = `.o_form_view .o_field_widget[name='${name}'] input`;
    return (
        [...buttons].some((b) => b.name === name || b.textContent.trim() === name) ||
        Boolean(document.querySelector(field))
    );
}

/** Return the id in the page's address, which follows the form a moment later. */
async function readId() {
    for (let wait = 0; wait < 50; wait++) {
        const resId = Number(location.pathname.split("/").at(-1));
        if (resId) {
            return resId;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`No record is open: ${location.pathname}`);
}

/**
 * Who may not: nothing on the screen offers it, and who calls for it all the same is told
 * whom to ask. A step is a button's name, or a name and the model it would change.
 */
const beRefused = (model, who, steps) =>
    steps.map((step) => ({
        content: `${step} is not offered, and there is no way round`,
        trigger: ".o_form_view .o_form_sheet",
        run: async () => {
            const [name, target] = [].concat(step);
            if (isOffered(name)) {
                throw new Error(`It is offered: ${name}`);
            }
            const [asked, method, args] = target
                ? [target, "create", [{}]]
                : [model, name, [[await readId()]]];
            let told = "";
            try {
                await rpc(`/web/dataset/call_kw/${asked}/${method}`, {
                    model: asked,
                    method,
                    args,
                    kwargs: {},
                });
            } catch (error) {
                told = error.data.message;
            }
            check({textContent: told}, who);
        },
    }));

/** Give a step the time that a preview takes on a busy machine. */
const wait = (step) => ({timeout: 30000, ...step});

function add(open, model, reason, {label, who, way = [], hidden, refused, steps}) {
    const begin = [...open(label, who), ...way];
    const others = refused || beRefused(model, who, hidden);
    tours.add(`saas_reason_${reason}`, {steps: () => [...begin, ...steps].map(wait)});
    tours.add(`saas_reason_${reason}_refused`, {
        steps: () => [...begin, ...others].map(wait),
    });
}

/**
 * Adds the tours of a reason whose events are in a case.
 *
 * @param {String} reason: its word.
 * @param {Object} told: the label that people see; who is to act; the way from the case
 *     to where that is done, if it is elsewhere; the steps there; and what is hidden from
 *     others, or how they are refused what they see.
 */
export const addCaseTours = (reason, told) => add(openCase, CASE, reason, told);

/** Adds the tours of a reason whose events are in no case, and listed alone. */
export const addEventTours = (reason, told) => add(openEvent, EVENT, reason, told);
