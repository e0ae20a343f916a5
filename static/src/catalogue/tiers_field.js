import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useRecordObserver} from "@web/model/relational_model/utils";

const copy = (tiers) => tiers.map((tier) => ({...tier}));

/**
 * The tiers of a price, a row each. All numbers are texts, so that they stay exact.
 *
 * What is written is kept here until the record has it: it takes one change after the
 * other, and who writes faster must not lose one.
 */
class TiersField extends Component {
    static template = "saas_billing_sync.TiersField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({tiers: []});
        this.pending = 0;
        useRecordObserver((record) => {
            const tiers = record.data[this.props.name] || [];
            if (!this.pending) {
                this.state.tiers = copy(tiers);
            }
        });
    }

    async save() {
        const tiers = copy(this.state.tiers);
        this.pending += 1;
        try {
            await this.props.record.update({
                [this.props.name]: tiers.length ? tiers : false,
            });
        } finally {
            this.pending -= 1;
        }
    }

    change(index, name, text) {
        const value = text.trim();
        this.state.tiers[index][name] = value || (name === "unit" ? "" : null);
        return this.save();
    }

    add() {
        this.state.tiers.push({up_to: null, unit: "", flat: null});
        return this.save();
    }

    remove(index) {
        this.state.tiers.splice(index, 1);
        return this.save();
    }
}

registry.category("fields").add("saas_tiers", {
    component: TiersField,
    displayName: _t("Tiers"),
    supportedTypes: ["json"],
});
