/** `<perf-chart>`: a chart in the page, with its title, what its data are, the picture, what it says, and the data. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { badgeText } from "./badge.ts";
import { toCsv } from "./cells.ts";
import "./charts.css";
import { dataTable } from "./data-table.ts";
import type { Plot } from "./plot.ts";

const ownCanvas = new Set<ChartDescription["kind"]>(["timeline", "gantt", "heatmap", "blocks"]);

/** The renderer is fetched when a chart is first shown. */
function renderer(
  kind: ChartDescription["kind"],
): Promise<{ mountPlot(host: HTMLElement, d: ChartDescription): Plot }> {
  return ownCanvas.has(kind) ? import("./canvas-plot.ts") : import("./chartjs/plot.ts");
}

/** Fetches Chart.js ahead of the first chart: for when a lab comes into view. */
export function warmCharts(): Promise<unknown> {
  return renderer("line");
}

/** Fires `chart-painted` (bubbles) when a picture is on the page. */
export class PerfChart extends HTMLElement {
  #description: ChartDescription | null = null;
  #origin: ChartOrigin | null = null;
  #plot: Plot | null = null;
  #parts: ReturnType<typeof skeleton> | null = null;
  #scheduled = false;
  #theme: MutationObserver | null = null;
  #print: AbortController | null = null;

  get description(): ChartDescription | null {
    return this.#description;
  }
  /** A new description of the same kind is drawn in place. */
  set description(next: ChartDescription | null) {
    this.#description = next;
    this.#schedule();
  }
  get origin(): ChartOrigin | null {
    return this.#origin;
  }
  set origin(next: ChartOrigin | null) {
    this.#origin = next;
    this.#schedule();
  }

  connectedCallback(): void {
    this.#theme = new MutationObserver(() => {
      this.#unmount();
      this.#schedule();
    });
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#print = new AbortController();
    window.addEventListener("beforeprint", () => this.#openForPrint(), { signal: this.#print.signal });
    this.#schedule();
  }

  disconnectedCallback(): void {
    this.#theme?.disconnect();
    this.#print?.abort();
    this.#unmount();
  }

  /** Several changes in one go are one drawing; a chart that is already there waits for the next frame. */
  #schedule(): void {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    const render = () => {
      this.#scheduled = false;
      if (this.isConnected && this.#description) void this.#render(this.#description);
    };
    if (this.#plot) requestAnimationFrame(render);
    else queueMicrotask(render);
  }

  async #render(description: ChartDescription): Promise<void> {
    const parts = (this.#parts ??= skeleton(this));
    parts.title.textContent = description.title;
    parts.badge.textContent = this.#origin ? badgeText(this.#origin) : "";
    parts.badge.hidden = this.#origin === null;
    if (this.#origin) parts.badge.dataset["kind"] = this.#origin.kind;
    parts.finding.textContent = description.finding;
    parts.plot.setAttribute("aria-label", description.finding);
    parts.scroll.setAttribute("aria-label", `Data of ${description.title}`);
    parts.scroll.replaceChildren();
    const drawn = description.kind !== "table";
    parts.plot.hidden = parts.picture.hidden = !drawn;
    if (!drawn) parts.data.open = true;
    if (parts.data.open) this.#fillTable();

    if (drawn && !this.#plot?.update(description)) {
      const { mountPlot } = await renderer(description.kind);
      // Another description, or none, may have come while the renderer was on its way.
      if (this.#description !== description || !this.isConnected) return;
      this.#unmount();
      this.#plot = mountPlot(parts.plot, description);
    }
    this.dispatchEvent(new CustomEvent("chart-painted", { bubbles: true }));
  }

  #unmount(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #fillTable(): void {
    const scroll = this.#parts?.scroll;
    if (scroll && !scroll.hasChildNodes() && this.#description) scroll.append(dataTable(this.#description.table));
  }

  #openForPrint(): void {
    if (!this.#parts) return;
    this.#fillTable();
    this.#parts.data.open = true;
  }

  /** Called by the buttons below the data. */
  act(action: "copy" | "csv" | "picture"): void {
    const description = this.#description;
    if (!description) return;
    const name =
      description.title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "chart";
    if (action === "copy") void this.#copy(toCsv(description.table));
    if (action === "csv") download(`${name}.csv`, new Blob([toCsv(description.table)], { type: "text/csv" }));
    if (action === "picture") this.#opaqueCopy()?.toBlob((blob) => blob && download(`${name}.png`, blob));
  }

  /** The picture on the page's own colour, so that it can be read wherever it is pasted. */
  #opaqueCopy(): HTMLCanvasElement | undefined {
    const canvas = this.querySelector("canvas");
    if (!canvas) return undefined;
    const copy = element("canvas", "");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext("2d") as CanvasRenderingContext2D;
    context.fillStyle = getComputedStyle(this).getPropertyValue("--paper");
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    return copy;
  }

  async #copy(text: string): Promise<void> {
    const said = await navigator.clipboard.writeText(text).then(
      () => "Copied.",
      () => "The browser did not allow copying; download the CSV instead.",
    );
    if (this.#parts) this.#parts.status.textContent = said;
  }

  /** The data are built when their details open. */
  opened(): void {
    this.#fillTable();
  }
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, ...children: (Node | string)[]) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function skeleton(chart: PerfChart) {
  const title = element("p", "chart-title");
  const badge = element("span", "chart-badge");
  const plot = element("div", "chart-plot");
  plot.setAttribute("role", "img");
  const finding = element("p", "chart-finding");
  const scroll = element("div", "chart-scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  const button = (label: string, action: "copy" | "csv" | "picture") => {
    const made = element("button", "", label);
    made.type = "button";
    made.addEventListener("click", () => chart.act(action));
    return made;
  };
  const picture = button("Download picture", "picture");
  const status = element("span", "");
  status.setAttribute("role", "status");
  const tools = element(
    "div",
    "chart-tools",
    button("Copy as CSV", "copy"),
    button("Download CSV", "csv"),
    picture,
    status,
  );
  const data = element("details", "chart-data", element("summary", "", "Data"), scroll, tools);
  data.addEventListener("toggle", () => {
    if (data.open) chart.opened();
  });
  chart.replaceChildren(element("div", "chart-head", title, badge), plot, finding, data);
  return { title, badge, plot, finding, scroll, picture, status, data };
}

function download(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

if (!customElements.get("perf-chart")) customElements.define("perf-chart", PerfChart);
