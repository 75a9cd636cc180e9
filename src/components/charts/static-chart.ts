/** `<static-chart>`: a figure drawn at build, which becomes a chart to point at when it comes into view. Small: every lesson loads it. */

/** Fetched a little before the figure is seen. */
const NEAR = "200px";

class StaticChart extends HTMLElement {
  #sight: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#sight = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#sight?.disconnect();
        void this.#enliven();
      },
      { rootMargin: NEAR },
    );
    this.#sight.observe(this);
  }

  disconnectedCallback(): void {
    this.#sight?.disconnect();
  }

  /** The picture stays until the new one is drawn, and the room it takes stays the same. */
  async #enliven(): Promise<void> {
    const packed = this.dataset["chart"];
    if (packed === undefined) return;
    const [{ unpackChart }] = await Promise.all([import("./packed.ts"), import("./perf-chart.ts")]);
    const { chart, origin } = unpackChart(packed);
    const live = document.createElement("perf-chart");
    live.dataset["kind"] = chart.kind;
    const open = [...this.querySelectorAll("details")].map((details) => details.open);
    const old = [...this.childNodes];
    const height = this.getBoundingClientRect().height;
    live.classList.add("chart-coming");
    live.addEventListener(
      "chart-painted",
      () => {
        for (const node of old) node.remove();
        live.classList.remove("chart-coming");
        live.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? false));
        // What is below must not move under the reader's eyes: a difference of a few pixels is taken as room.
        const difference = height - live.getBoundingClientRect().height;
        if (difference > 0 && difference < 40) live.style.paddingBottom = `${difference}px`;
      },
      { once: true },
    );
    Object.assign(live, { description: chart, origin });
    this.append(live);
  }
}

if (!customElements.get("static-chart")) customElements.define("static-chart", StaticChart);
