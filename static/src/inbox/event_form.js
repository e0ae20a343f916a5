import {onMounted, onWillUnmount} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** How often a form that waits for its event looks for news, in milliseconds. */
const EVERY = 3000;

/**
 * Follows an event that is on its way: a job processes it after a person has retried
 * it, and the form then shows what became of it. Events can't be edited, so nothing is
 * lost by that.
 */
class EventFormController extends FormController {
    setup() {
        super.setup();
        let timer = null;
        onMounted(() => {
            timer = setInterval(() => this.follow(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    async follow() {
        const {root} = this.model;
        if (this.isReading || document.hidden || root.data.state !== "received") {
            return;
        }
        this.isReading = true;
        try {
            await root.load();
        } finally {
            this.isReading = false;
        }
    }
}

registry.category("views").add("saas_event_form", {
    ...formView,
    Controller: EventFormController,
});
