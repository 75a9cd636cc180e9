/**
 * Where a lab measures: the simulated server, a real engine in this tab, or an endpoint by URL. The key stays in the memory of the local runner, or of the
 * page where there is none; in the tab's storage only when the learner ticks the box.
 */
import { normalBaseUrl, useEndpointWorker, type EndpointTarget, type TargetPrice } from "../../endpoint/target.ts";
import { tabEngineMissing, tabTarget, useTabEngine } from "../../endpoint/tab-engine.ts";
import type { LabSetup } from "../../lab/setup.ts";
import { showFindings } from "./doctor-findings.ts";
import { examine, keepKey, modelsOf } from "./measurer.ts";
import { pairingForm } from "./pairing-form.ts";
import { button, make } from "./parts.ts";

const tabWords =
  "llama.cpp as WebAssembly over a tiny random model: real prefill, batching and streaming on your own processor, at its speed, and no words that mean anything. It loads at the first run.";

/** Calls back with null for the simulated server, an endpoint once one is complete, and what is missing until then. */
export function mountTargetPicker(
  host: HTMLElement,
  setup: LabSetup,
  onChange: (target: EndpointTarget | null, missing: string | null) => void,
): void {
  if (setup.urls.endpointWorker !== undefined) useEndpointWorker(setup.urls.endpointWorker);
  if (setup.urls.tabEngine !== undefined) useTabEngine(setup.urls.tabEngine);
  const name = `target-${setup.id}`;
  const simulated = radio(name, "Simulated server", true);
  const tab = radio(name, "A real engine in this tab", false);
  const endpoint = radio(name, "Endpoint by URL", false);
  const url = field("Base URL", "url", "http://127.0.0.1:8000/v1");
  const key = field("API key, if it needs one", "password", "");
  const keep = make("input");
  keep.type = "checkbox";
  const kept = make("p", "lab-target-kept");
  kept.hidden = true;
  const model = make("select");
  const list = button("List models", () => void fetchModels());
  const doctor = button("Why does it not work?", () => void diagnose());
  const findings = make("div", "lab-target-findings");
  findings.setAttribute("aria-live", "polite");
  const gpuHour = field("USD per GPU-hour", "number", "");
  const gpus = field("GPUs", "number", "1");
  const inputPrice = field("or USD per million input tokens", "number", "");
  const outputPrice = field("and per million output tokens", "number", "");
  const headers = make("textarea");
  headers.rows = 2;
  headers.placeholder = "X-Header: value";
  const said = make("p", "lab-target-said");
  said.setAttribute("role", "status");
  for (const { input } of [gpuHour, gpus, inputPrice, outputPrice]) {
    input.min = "0";
    input.step = "any";
  }

  const pairing = pairingForm(() => url.input.value !== "" && void fetchModels());
  const form = make(
    "div",
    "lab-target-form",
    pairing.element,
    url.label,
    key.label,
    kept,
    make("label", "lab-target-tick", keep, " Keep the key until this tab is closed"),
    make("div", "lab-target-model", make("label", "", "Model ", model), list, doctor),
    make(
      "details",
      "",
      make("summary", "", "Price and headers"),
      gpuHour.label,
      gpus.label,
      inputPrice.label,
      outputPrice.label,
      make("label", "", "Extra headers, one a line (kept as secret as the key)", headers),
    ),
    said,
    findings,
  );
  form.hidden = true;
  const aboutTab = make("p", "lab-target-about");
  aboutTab.setAttribute("role", "status");
  host.append(
    make("fieldset", "", make("legend", "", "Run on"), simulated.label, tab.label, endpoint.label, aboutTab, form),
  );

  const originOf = () => new URL(normalBaseUrl(url.input.value)).origin;
  const slot = () => `perflab-key:${originOf()}`;
  /** Origins whose key the runner keeps. */
  const keptFor = new Set<string>();
  const read = (): EndpointTarget => {
    const baseUrl = normalBaseUrl(url.input.value);
    return {
      label: model.value === "" ? "endpoint" : model.value,
      baseUrl,
      model: model.value,
      ...(key.input.value === "" ? {} : { key: key.input.value }),
      ...(headers.value.trim() === "" ? {} : { headers: readHeaders(headers.value) }),
      ...priceOf(),
    };
  };
  const priceOf = (): { price?: TargetPrice } => {
    if (gpuHour.input.value !== "") {
      return { price: { gpuHour: gpuHour.input.valueAsNumber, gpus: gpus.input.valueAsNumber || 1 } };
    }
    if (inputPrice.input.value === "" || outputPrice.input.value === "") return {};
    return { price: { input: inputPrice.input.valueAsNumber, output: outputPrice.input.valueAsNumber } };
  };
  const report = (text: string) => (said.textContent = text);
  const update = () => {
    form.hidden = !endpoint.input.checked;
    if (endpoint.input.checked) pairing.show();
    aboutTab.textContent = tab.input.checked ? (tabEngineMissing() ?? tabWords) : "";
    if (tab.input.checked) {
      onChange(tabTarget, tabEngineMissing());
      return;
    }
    if (simulated.input.checked) {
      onChange(null, null);
      return;
    }
    if (url.input.value.trim() === "" || model.value === "") {
      const missing =
        url.input.value.trim() === "" ? "Write the endpoint's base URL" : "Choose a model of the endpoint";
      onChange(null, `${missing} first, or run on the simulated server.`);
      return;
    }
    try {
      onChange(read(), null);
      rememberKey();
    } catch (error) {
      const missing = error instanceof Error ? error.message : String(error);
      onChange(null, missing);
      report(missing);
    }
  };
  function rememberKey(): void {
    if (keep.checked && key.input.value !== "") sessionStorage.setItem(slot(), key.input.value);
    else sessionStorage.removeItem(slot());
  }
  async function fetchModels(): Promise<void> {
    report("Asking the server for its models…");
    findings.replaceChildren();
    try {
      await handOver();
      const { models, via } = await modelsOf(read());
      model.replaceChildren(...models.map((id) => new Option(id, id)));
      const way =
        via === "runner" ? "measured by the local runner" : "measured by this browser, at most six streams at once";
      report(
        models.length === 0
          ? "The server lists no models."
          : `${models.length} model${models.length === 1 ? "" : "s"}; ${way}.`,
      );
      update();
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
  }

  /** The runner, where there is one, takes the key out of the page. */
  async function handOver(): Promise<void> {
    const typed = key.input.value;
    if (typed === "" || !(await keepKey(url.input.value, typed))) return;
    if (key.input.value === typed) key.input.value = "";
    kept.replaceChildren(
      "The local runner keeps your key in its memory, for this server only. ",
      button("Forget the key", () => void forget()),
    );
    keptFor.add(originOf());
    kept.hidden = false;
  }
  async function forget(): Promise<void> {
    kept.hidden = true;
    keptFor.delete(originOf());
    key.input.focus();
    await keepKey(url.input.value);
    report("The key is forgotten.");
  }
  async function diagnose(): Promise<void> {
    findings.textContent = "Asking the server…";
    try {
      await handOver();
      showFindings(findings, await examine(read()));
    } catch (error) {
      findings.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  // A key belongs to the origin it was typed for: another origin asks again.
  let origin = "";
  url.input.addEventListener("change", () => {
    try {
      const next = originOf();
      if (next !== origin) key.input.value = sessionStorage.getItem(slot()) ?? "";

      kept.hidden = !keptFor.has(next);
      origin = next;
      model.replaceChildren();
      report("");
      void fetchModels();
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
  });
  host.addEventListener("change", update);
}

function readHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}

function radio(name: string, text: string, checked: boolean): { input: HTMLInputElement; label: HTMLLabelElement } {
  const input = make("input");
  input.type = "radio";
  input.name = name;
  input.checked = checked;
  return { input, label: make("label", "lab-target-kind", input, ` ${text}`) };
}

function field(text: string, type: string, value: string): { input: HTMLInputElement; label: HTMLLabelElement } {
  const input = make("input");
  input.type = type;
  input.autocomplete = "off";
  input.spellcheck = false;
  if (type === "url") input.placeholder = value;
  else input.value = value;
  return { input, label: make("label", "", make("span", "", text), input) };
}
