import {MultiRecordViewButton} from "@web/views/view_button/multi_record_view_button";
import {SaasListController} from "../environment/environment_problem";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** What is done to many events at once, and takes all that match. */
const ON_MANY = ["action_retry", "action_replay", "action_hold", "action_let_go"];

/**
 * Hands on the search instead of the ids where a person has selected all that match:
 * the ids end at a limit of the server, and a selection of events must not.
 */
class SelectionButton extends MultiRecordViewButton {
    async onClick(ev, newWindow) {
        const {clickParams, list} = this.props;
        if (!list.isDomainSelected || !ON_MANY.includes(clickParams.name)) {
            return super.onClick(ev, newWindow);
        }
        const resIds = list.selection.map((record) => record.resId);
        clickParams.buttonContext = {
            active_ids: resIds,
            active_model: list.resModel,
            saas_selection: list.domain,
        };
        this.env.onClickViewButton({
            // The wizard shows the effect, so there is nothing to confirm before.
            clickParams: {...clickParams, confirm: undefined},
            getResParams: () => ({
                context: list.context,
                evalContext: list.evalContext,
                resModel: list.resModel,
                resIds,
            }),
            newWindow,
        });
    }
}

class EventListController extends SaasListController {
    static components = {
        ...SaasListController.components,
        MultiRecordViewButton: SelectionButton,
    };
}

registry.category("views").add("saas_event_list", {
    ...listView,
    Controller: EventListController,
});
