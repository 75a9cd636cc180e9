/**
 * What a learner fills in to measure on an endpoint, and what is known of it. The key stays in the memory of the local runner, or of the page where there
 * is none; in the tab's storage only when the learner ticks the box.
 */
import { computed, signal } from "@preact/signals-core";
import { normalBaseUrl, type DoctorReport, type EndpointTarget, type TargetPrice } from "../../endpoint/target.ts";
import { preferences } from "../../lab/store/preferences.ts";
import { examine, keepKey, modelsOf } from "./measurer.ts";

export class TargetForm {
  readonly url = signal(preferences.endpoint.peek());
  /** The simulated endpoint that the page's own server runs, where it runs one. */
  readonly simulated = signal<string | null>(null);
  readonly key = signal("");
  readonly keepKeyInTab = signal(false);
  readonly models = signal<readonly string[]>([]);
  readonly model = signal("");
  readonly gpuHour = signal("");
  readonly gpus = signal("1");
  readonly inputPrice = signal("");
  readonly outputPrice = signal("");
  readonly headers = signal("");
  /** What was found out last, in words. */
  readonly said = signal("");
  /** The doctor's report, its words while it asks, or null. */
  readonly findings = signal<DoctorReport | string | null>(null);
  readonly keptByRunner = signal(false);
  /** The endpoint, or what is missing before it can be measured. */
  readonly target = computed((): EndpointTarget | { readonly missing: string } => {
    if (this.url.value.trim() === "")
      return { missing: "Write the endpoint's base URL first, or run on the simulated server." };
    if (this.model.value === "")
      return { missing: "Choose a model of the endpoint first, or run on the simulated server." };
    try {
      return this.#read();
    } catch (error) {
      return { missing: wordsOf(error) };
    }
  });
  /** A key belongs to the origin it was typed for. */
  #origin = "";
  readonly #keptFor = new Set<string>();

  /** The URL was changed: another origin asks for its own key, and the models are asked for. */
  async urlChanged(): Promise<void> {
    try {
      const origin = this.#originOf();
      if (origin !== this.#origin) this.key.value = remembered(origin);
      this.keptByRunner.value = this.#keptFor.has(origin);
      this.#origin = origin;
      this.models.value = [];
      this.model.value = "";
      this.said.value = "";
    } catch (error) {
      this.said.value = wordsOf(error);
      return;
    }
    await this.listModels();
  }

  async listModels(): Promise<void> {
    this.said.value = "Asking the server for its models…";
    this.findings.value = null;
    try {
      await this.#handOver();
      const { models, via } = await modelsOf(this.#read());
      this.models.value = models;
      // Without its query, in which some servers take a key.
      const { origin, pathname } = new URL(normalBaseUrl(this.url.peek()));
      preferences.endpoint.value = origin + pathname;
      if (!models.includes(this.model.peek())) this.model.value = models[0] ?? "";
      const way =
        via === "runner" ? "measured by the local runner" : "measured by this browser, at most six streams at once";
      this.said.value =
        models.length === 0
          ? "The server lists no models."
          : `${models.length} model${models.length === 1 ? "" : "s"}; ${way}.`;
    } catch (error) {
      this.said.value = wordsOf(error);
    }
  }

  async diagnose(): Promise<void> {
    if (this.url.peek().trim() === "") {
      this.findings.value = "Write the endpoint's base URL first, such as http://127.0.0.1:8000/v1.";
      return;
    }
    this.findings.value = "Asking the server…";
    try {
      await this.#handOver();
      this.findings.value = await examine(this.#read());
    } catch (error) {
      this.findings.value = wordsOf(error);
    }
  }

  async forgetKey(): Promise<void> {
    this.keptByRunner.value = false;
    this.#keptFor.delete(this.#originOf());
    await keepKey(this.url.value);
    this.said.value = "The key is forgotten.";
  }

  /** Keeps the key in the tab, or no longer, as the box says. */
  rememberKey(): void {
    try {
      const slot = slotOf(this.#originOf());
      if (this.keepKeyInTab.value && this.key.value !== "") sessionStorage.setItem(slot, this.key.value);
      else sessionStorage.removeItem(slot);
    } catch {
      // No URL yet, or a browser without storage: then nothing is kept.
    }
  }

  /** The runner, where there is one, takes the key out of the page. */
  async #handOver(): Promise<void> {
    const typed = this.key.value;
    if (typed === "" || !(await keepKey(this.url.value, typed))) return;
    if (this.key.value === typed) this.key.value = "";
    this.#keptFor.add(this.#originOf());
    this.keptByRunner.value = true;
  }

  #originOf(): string {
    return new URL(normalBaseUrl(this.url.value)).origin;
  }

  #read(): EndpointTarget {
    const price = this.#price();
    const baseUrl = normalBaseUrl(this.url.value);
    return {
      // What our own simulator takes over real sockets is measured, but no GPU has taken part: its name says so.
      label: baseUrl === this.simulated.value ? "simulated endpoint" : this.model.value || "endpoint",
      baseUrl,
      model: this.model.value,
      ...(this.key.value === "" ? {} : { key: this.key.value }),
      ...(this.headers.value.trim() === "" ? {} : { headers: readHeaders(this.headers.value) }),
      ...(price === undefined ? {} : { price }),
    };
  }

  #price(): TargetPrice | undefined {
    const [gpuHour, gpus, input, output] = [this.gpuHour, this.gpus, this.inputPrice, this.outputPrice].map((field) =>
      field.value === "" ? null : Number(field.value),
    );
    if (gpuHour != null) return { gpuHour, gpus: gpus || 1 };
    return input != null && output != null ? { input, output } : undefined;
  }
}

const slotOf = (origin: string) => `perflab-key:${origin}`;

function remembered(origin: string): string {
  try {
    return sessionStorage.getItem(slotOf(origin)) ?? "";
  } catch {
    return "";
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
