/** Until the charts' own element is there: title, badge, finding and table of a chart description. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { make, threeDigits } from "./parts.ts";

class PerfChartStandIn extends HTMLElement {
  origin: ChartOrigin | null = null;
  set description(chart: ChartDescription) {
    const badge = this.origin?.kind ?? "";
    const seed = this.origin?.seed === undefined ? "" : `, seed ${this.origin.seed}`;
    const rows = chart.table.rows.slice(0, 50);
    const cell = (value: string | number) => make("td", "", typeof value === "number" ? threeDigits(value) : value);
    this.replaceChildren(
      make("p", "", make("strong", "", chart.title), ` (${badge}${seed})`),
      make("p", "", chart.finding),
      make(
        "table",
        "",
        make("thead", "", make("tr", "", ...chart.table.columns.map((name) => make("th", "", name)))),
        make("tbody", "", ...rows.map((row) => make("tr", "", ...row.map(cell)))),
      ),
    );
  }
}
if (customElements.get("perf-chart") === undefined) customElements.define("perf-chart", PerfChartStandIn);
