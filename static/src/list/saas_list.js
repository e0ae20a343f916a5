import {onWillStart} from "@odoo/owl";
import {ListController} from "@web/views/list/list_controller";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * A list that says above its rows why nothing is processed, where the database may be a
 * copy of the real one: who only looks at events would wait for them in vain.
 */
export class SaasListController extends ListController {
    static template = "saas_billing_sync.ListView";

    setup() {
        super.setup();
        this.saasOrm = useService("orm");
        onWillStart(async () => {
            this.environmentProblem = await this.saasOrm.call(
                "saas.source",
                "get_environment_problem",
                []
            );
        });
    }
}

registry.category("views").add("saas_list", {
    ...listView,
    Controller: SaasListController,
});
