import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";

/** Contacts that a customer could be: a click on one chooses it. */
class CandidateField extends X2ManyField {
    async openRecord(record) {
        await this.props.record.update({
            choice: "partner",
            partner_id: {id: record.resId, display_name: record.data.display_name},
        });
    }
}

registry.category("fields").add("saas_candidates", {
    ...x2ManyField,
    component: CandidateField,
});
