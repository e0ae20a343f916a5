import {Component, onMounted, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Cases of the page whose likely answers are asked for together, by their ids. */
let asked = null;

/**
 * Returns the likely answer to a case. All that a page asks for at once is one call,
 * and the list is there before its answers are.
 */
function ask(orm, id) {
    if (!asked) {
        const ids = new Set();
        const answers = new Promise((resolve, reject) => {
            setTimeout(() => {
                asked = null;
                orm.silent
                    .call("saas.exception", "get_suggestions", [[...ids]])
                    .then(resolve, reject);
            });
        });
        asked = {ids, answers};
    }
    asked.ids.add(id);
    return asked.answers.then((answers) => answers[id] || {});
}

class SuggestionField extends Component {
    static template = "saas_billing_sync.SuggestionField";
    static props = {...standardFieldProps};

    setup() {
        this.answer = useState({say: "", why: ""});
        onMounted(() => this.load(this.props.record));
        onWillUpdateProps((props) => {
            if (props.record.resId !== this.shown) {
                this.load(props.record);
            }
        });
    }

    async load({resId, model}) {
        this.shown = resId;
        if (!resId || model.useSampleModel) {
            return;
        }
        const answer = await ask(this.env.services.orm, resId);
        if (this.shown === resId) {
            Object.assign(this.answer, {say: "", why: ""}, answer);
        }
    }
}

registry.category("fields").add("saas_suggestion", {
    component: SuggestionField,
    displayName: _t("Likely answer"),
    supportedTypes: ["char"],
});
