/** The doctor's state. The address keeps what was pasted, keys, machines and paths taken out; never the endpoint: no link sets a target. */
import { computed, signal } from "@preact/signals";
import { readMetrics, type MetricsPage } from "../../endpoint/doctor/read-metrics.ts";
import { readStart } from "../../endpoint/doctor/read-start.ts";
import { withhold } from "../../endpoint/doctor/withhold.ts";
import { TargetForm } from "../lab/target-form.ts";
import { packedOrNull, readHash, unpacked, writeHash } from "../tools/hash-state.ts";
import type { Examined } from "./report-text.ts";

export class DoctorState {
  readonly form = new TargetForm();
  readonly alive = signal(false);
  readonly asking = signal(false);
  readonly command = signal("");
  readonly metricsText = signal("");
  readonly said = signal("");
  readonly start = computed(() => (this.command.value.trim() === "" ? null : readStart(this.command.value)));
  readonly #metrics = computed((): MetricsPage | string | null => {
    if (this.metricsText.value.trim() === "") return null;
    try {
      return readMetrics(this.metricsText.value);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
  readonly metrics = computed(() => (typeof this.#metrics.value === "object" ? this.#metrics.value : null));
  readonly metricsProblem = computed(() => (typeof this.#metrics.value === "string" ? this.#metrics.value : null));
  readonly examined = computed((): Examined => {
    const found = this.form.findings.value;
    return {
      endpoint: typeof found === "object" ? found : null,
      host: URL.parse(this.form.url.value.trim())?.hostname ?? "",
      start: this.start.value,
      command: this.command.value,
      metrics: this.metrics.value,
    };
  });
  #written = 0;

  async restore(): Promise<void> {
    const hash = readHash();
    const [command, metrics] = await Promise.all(
      ["start", "metrics"].map(async (name) => {
        const packed = hash.get(name);
        return packed === null ? "" : unpacked(packed).catch(() => "");
      }),
    );
    this.command.value = command ?? "";
    this.metricsText.value = metrics ?? "";
    this.alive.value = true;
  }

  setCommand(text: string): void {
    this.command.value = text;
    void this.#remember();
  }

  setMetrics(text: string): void {
    this.metricsText.value = text;
    void this.#remember();
  }

  async examine(): Promise<void> {
    this.asking.value = true;
    await this.form.diagnose();
    this.asking.value = false;
  }

  async #remember(): Promise<void> {
    const turn = ++this.#written;
    const hash = new URLSearchParams();
    for (const [name, text] of [
      ["start", withhold(this.command.peek())],
      ["metrics", withhold(this.metricsText.peek())],
    ] as const) {
      const packed = text.trim() === "" ? null : await packedOrNull(text);
      if (packed !== null) hash.set(name, packed);
    }
    if (turn === this.#written) writeHash(hash);
  }
}
