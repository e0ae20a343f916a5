import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const TITLES = {
    done: _t("Recognised"),
    part: _t("Recognised otherwise than it is known now"),
    open: _t("Not recognised yet"),
};
const TONES = {done: "text-bg-success", part: "text-bg-warning"};

/** What each month earns of a revenue schedule, one small box a month. */
class MonthsField extends Component {
    static template = "saas_billing_sync.MonthsField";
    static props = {...standardFieldProps};

    get months() {
        return this.props.record.data[this.props.name] || [];
    }

    getTitle(month) {
        return TITLES[month.state];
    }

    getTone(month) {
        return TONES[month.state] || "";
    }
}

registry.category("fields").add("saas_months", {
    component: MonthsField,
    displayName: _t("Months"),
    supportedTypes: ["json"],
});
