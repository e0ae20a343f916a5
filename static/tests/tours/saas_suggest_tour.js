import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

/** So many causes there are, and so many clicks may all of them take. */
const CAUSES = 9;
const MOST_CLICKS = 30;

const CAUSE = ".o_form_view .o_field_widget[name='cause_key']";
const APPLY = ".modal-footer button:is([name='action_apply'], [name='action_retry'])";

/** What the tour has counted; it is gone if the page is loaded anew. */
let counted = null;

function start() {
    counted = {clicks: 0, previews: 0, waiting: [], causes: []};
    document.addEventListener("click", () => (counted.clicks += 1), true);
}

/** Ask how many cases wait for a person. */
async function count() {
    const stopped = ["event_id.state", "in", ["quarantined", "dead"]];
    const waiting = await rpc("/web/dataset/call_kw/saas.exception/search_count", {
        model: "saas.exception",
        method: "search_count",
        args: [
            [
                ["state", "=", "open"],
                ["link_ids", "any", [["is_open", "=", true], stopped]],
            ],
        ],
        // Whoever runs the tour reads there how many clicks there were.
        kwargs: {context: {saas_clicks: counted.clicks}},
    });
    counted.waiting.push(waiting);
}

function check(isRight, words) {
    if (!isRight) {
        throw new Error(`${words}: ${JSON.stringify(counted)}`);
    }
}

function read(selector) {
    return document.querySelector(selector).textContent;
}

// One case: look at what the likely answer would do, and apply it. The next one opens
// by itself.
const settle = (number) => [
    {
        content: `Case ${number} says what is likely, and why`,
        trigger:
            ".o_form_view .o_field_widget[name='suggestion']:not(:empty), .o_form_view .o_field_widget[name='suggestion'] span:not(:empty)",
        run: () => counted.causes.push(read(CAUSE)),
    },
    {
        content: "Apply what is likely",
        trigger: ".o_form_view button[name='action_apply_suggestion']:enabled",
        run: "click",
    },
    {
        content: "See what it frees",
        trigger: ".modal .o_field_widget[name='head']:contains(go on once)",
    },
    {
        content: "See what comes of it, in the books",
        trigger: ".modal .o_field_widget[name='preview']:contains(This is a preview)",
        run: () => (counted.previews += 1),
    },
    {
        content: "That is right",
        trigger: APPLY,
        run: "click",
    },
    {
        content: "It is stored",
        trigger: "body:not(:has(.modal))",
        run: async () => {
            await count();
            const [before, now] = counted.waiting.slice(-2);
            check(before - now === 1, "No action settles two cases, or none");
        },
    },
    ...(number < CAUSES
        ? [
              {
                  content: "The next case opens by itself",
                  trigger: CAUSE,
                  run: async () => {
                      const seen = counted.causes.at(-1);
                      for (let wait = 0; read(CAUSE) === seen && wait < 100; wait++) {
                          await new Promise((resolve) => setTimeout(resolve, 100));
                      }
                      check(read(CAUSE) !== seen, "The next case did not open");
                  },
              },
          ]
        : []),
];

tours.add("saas_thirty_clicks", {
    steps: () => [
        {content: "Count from here", trigger: "body", run: start},
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
            content: "The list says what is likely",
            trigger: ".o_data_row .o_saas_suggestion:contains(It is)",
            run: count,
        },
        {
            content: "Open the first case",
            trigger: ".o_data_row:first .o_data_cell[name='reason']",
            run: "click",
        },
        ...Array.from({length: CAUSES}, (_, number) => settle(number + 1)).flat(),
        {
            content: "Nothing waits any more",
            trigger: "body",
            run: async () => {
                await count();
                check(counted.waiting.at(-1) === 0, "Something still waits");
                check(new Set(counted.causes).size === CAUSES, "Not all were opened");
                check(counted.previews === CAUSES, "Not all were looked at");
                check(counted.clicks <= MOST_CLICKS, "Too many clicks");
            },
        },
    ],
});

// With keys alone: apply, choose otherwise, snooze, next.
tours.add("saas_case_keys", {
    steps: () => [
        {
            content: "A case is open",
            trigger: ".o_form_view button[name='action_apply_suggestion']:enabled",
            run: () => document.activeElement.blur(),
        },
        {content: "E", trigger: "body", run: "press e"},
        {
            content: "Choose otherwise",
            trigger: ".modal .o_field_widget[name='product_id'] input:value(Support)",
        },
        {
            content: "Not now",
            trigger: ".modal-footer button[special='cancel'], .modal-header .btn-close",
            run: "click",
        },
        {content: "A", trigger: "body:not(:has(.modal))", run: "press a"},
        {
            content: "Its effect is shown",
            trigger:
                ".modal .o_field_widget[name='preview']:contains(This is a preview)",
        },
        {
            content: "Not now",
            trigger: ".modal-footer button.btn-secondary:contains(Discard)",
            run: "click",
        },
        {content: "S", trigger: "body:not(:has(.modal))", run: "press s"},
        {
            content: "It sleeps",
            trigger: ".o_form_view button[name='action_wake']:enabled",
        },
        {
            content: "N",
            trigger: ".o_form_view button[name='action_open_next']:enabled",
            run: "press n",
        },
        {
            content: "The next one is there",
            trigger:
                ".o_form_view:not(:has(button[name='action_wake'])) button[name='action_apply_suggestion']",
        },
    ],
});
