import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {EnvironmentProblem} from "../environment/environment_problem";
import {Layout} from "@web/search/layout";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** How often a page reads its figures anew, in milliseconds. */
const EVERY = 30000;
const COLORS = ["#017e84", "#e8a33d", "#7c6cb0", "#c0504d", "#5b9bd5"];

/** A picture of a section's numbers. */
class BoardChart extends Component {
    static template = "saas_billing_sync.BoardChart";
    static props = {chart: Object, label: String};

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify(this.props.chart)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    draw() {
        this.chart?.destroy();
        const {labels, series, stacked} = this.props.chart;
        const hasLine = series.some((each) => each.kind === "line");
        const hasBar = series.some((each) => each.kind === "bar");
        this.chart = new window.Chart(this.canvasRef.el, {
            type: "bar",
            data: {
                labels,
                datasets: series.map((each, index) => ({
                    type: each.kind,
                    label: each.label,
                    data: each.values,
                    backgroundColor: COLORS[index % COLORS.length],
                    borderColor: COLORS[index % COLORS.length],
                    yAxisID: each.kind === "line" ? "right" : "y",
                    order: each.kind === "line" ? 0 : 1,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: {
                    x: {stacked},
                    y: {beginAtZero: true, display: hasBar, stacked},
                    right: {
                        beginAtZero: true,
                        display: hasLine,
                        position: "right",
                        grid: {drawOnChartArea: !hasBar},
                    },
                },
            },
        });
    }
}

/**
 * A page of figures. It is read in one call and again every half minute, and each figure
 * opens the list of what it has counted.
 */
class Board extends Component {
    static template = "saas_billing_sync.Board";
    static components = {BoardChart, EnvironmentProblem, Layout};
    static props = {...standardActionServiceProps};
    /** The method that answers the page, and whether it can be printed. */
    static method = "";
    static isPrinted = false;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({sections: [], readAt: "", companies: []});
        this.isReading = false;
        // Parts of the template are called, and would be the object themselves.
        for (const name of ["open", "refresh", "goTo", "print"]) {
            this[name] = this[name].bind(this);
        }
        let timer = null;
        onWillStart(() => this.read());
        onMounted(() => {
            timer = setInterval(() => this.refresh(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    get isPrinted() {
        return this.constructor.isPrinted;
    }

    async read() {
        const page = await this.orm.silent.call(
            "saas.metrics.board",
            this.constructor.method,
            []
        );
        Object.assign(this.state, {
            sections: page.sections,
            readAt: page.read_at,
            companies: page.companies,
        });
    }

    /** Read again, unless nobody looks or a reading is on its way. */
    async refresh() {
        if (this.isReading || document.hidden) {
            return;
        }
        this.isReading = true;
        try {
            await this.read();
        } finally {
            this.isReading = false;
        }
    }

    /** Open the list of what a figure has counted. */
    async open(opens) {
        const action = await this.action.loadAction(opens.action);
        await this.action.doAction({
            ...action,
            name: opens.name,
            display_name: opens.name,
            domain: opens.domain,
            context: {},
        });
    }

    goTo(action) {
        this.action.doAction(action);
    }

    print() {
        window.print();
    }
}

class HomeBoard extends Board {
    static method = "get_home";
}

class OperationsBoard extends Board {
    static method = "get_operations";
}

class FinanceBoard extends Board {
    static method = "get_finance";
}

class FlowsBoard extends Board {
    static method = "get_flows";
    static isPrinted = true;
}

registry
    .category("actions")
    .add("saas_home", HomeBoard)
    .add("saas_operations", OperationsBoard)
    .add("saas_finance", FinanceBoard)
    .add("saas_flows", FlowsBoard);
