import {onMounted, onWillUnmount} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** How often a form whose work runs looks for news, in milliseconds. */
const EVERY = 5000;

/**
 * Follows work that is running: jobs tell whoever started it after each chunk, and all
 * others look now and then. What runs can't be edited, so nothing is lost.
 */
class ProgressFormController extends FormController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const onTold = ({model, id}) =>
            model === this.props.resModel &&
            id === this.model.root.resId &&
            this.follow();
        let timer = null;
        onMounted(() => {
            bus.subscribe("saas_progress", onTold);
            timer = setInterval(() => {
                if (this.model.root.data.state === "running") {
                    this.follow();
                }
            }, EVERY);
        });
        onWillUnmount(() => {
            bus.unsubscribe("saas_progress", onTold);
            clearInterval(timer);
        });
    }

    async follow() {
        if (this.isReading || document.hidden) {
            return;
        }
        this.isReading = true;
        try {
            await this.model.root.load();
        } finally {
            this.isReading = false;
        }
    }
}

registry.category("views").add("saas_progress_form", {
    ...formView,
    Controller: ProgressFormController,
});
