import {Component, onWillStart} from "@odoo/owl";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * Says why nothing is processed, where the database may be a copy of the real one: who
 * only looks at events would wait for them in vain.
 */
export class EnvironmentProblem extends Component {
    static template = "saas_billing_sync.EnvironmentProblem";
    static props = {};

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            this.problem = await orm.call("saas.source", "get_environment_problem", []);
        });
    }
}

export class SaasListController extends ListController {
    static template = "saas_billing_sync.ListView";
    static components = {...ListController.components, EnvironmentProblem};
}

/** What a phone shows instead of the list. */
class SaasKanbanController extends KanbanController {
    static template = "saas_billing_sync.KanbanView";
    static components = {...KanbanController.components, EnvironmentProblem};
}

registry.category("views").add("saas_list", {
    ...listView,
    Controller: SaasListController,
});
registry.category("views").add("saas_kanban", {
    ...kanbanView,
    Controller: SaasKanbanController,
});
