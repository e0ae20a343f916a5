import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** Says above the rules what they are for, and what holds where there is none. */
class OwnershipListRenderer extends ListRenderer {
    static template = "saas_billing_sync.OwnershipListRenderer";
}

registry.category("views").add("saas_ownership_list", {
    ...listView,
    Renderer: OwnershipListRenderer,
});
