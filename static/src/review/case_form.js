import {onMounted, onWillUnmount} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

/** How often a form whose events are processed looks for news, in milliseconds. */
const EVERY = 2000;
/** What a key alone presses, wherever nobody is typing. */
const KEYS = {
    a: "action_apply_suggestion",
    e: "action_edit_suggestion",
    s: "action_snooze",
    n: "action_open_next",
};

/**
 * Opens the next case by itself when a decision has left nothing to do on this one: it
 * was closed, all of its events are on their way, or the decision waits to be signed.
 * Who only looks at a closed case stays there.
 */
class CaseFormController extends FormController {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.wasOpen = null;
        for (const [key, name] of Object.entries(KEYS)) {
            useHotkey(key, () => this.press(name));
        }
        let timer = null;
        onMounted(() => {
            this.note();
            timer = setInterval(() => this.follow(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    /** Press a button of the form, if it is there. */
    press(name) {
        this.rootRef.el.querySelector(`button[name='${name}']:enabled`)?.click();
    }

    /** Remember whether there is something to decide on the case that is shown. */
    note() {
        const {root} = this.model;
        if (this.shown !== root.resId) {
            this.shown = root.resId;
            this.wasOpen = this.isWaiting();
        }
        this.wasOpen = this.wasOpen || this.isWaiting();
    }

    isWaiting() {
        const {data} = this.model.root;
        return data.state === "open" && data.waiting_count > 0 && !data.approval_id;
    }

    async follow() {
        const {root} = this.model;
        const isBusy = this.isReading || document.hidden || root.isInEdition === false;
        if (isBusy || document.querySelector(".modal") || (await root.isDirty())) {
            return;
        }
        this.note();
        if (!this.wasOpen) {
            return;
        }
        this.isReading = true;
        try {
            if (this.isWaiting()) {
                await root.load();
            }
            if (!this.isWaiting()) {
                await this.openNext();
            }
        } finally {
            this.isReading = false;
        }
    }

    async openNext() {
        this.wasOpen = false;
        const {root} = this.model;
        const nextId = await this.orm.call("saas.exception", "get_next", [
            [root.resId],
        ]);
        if (nextId) {
            await this.model.load({resId: nextId});
            this.note();
        }
    }
}

registry.category("views").add("saas_case_form", {
    ...formView,
    Controller: CaseFormController,
});
