/** What is wished of a server: latencies, a budget, and what may be tried. */
import { Button } from "../lab/Button.tsx";
import { Choice, Field } from "../tools/Field.tsx";
import type { FinderState } from "./finder-state.ts";
import { metrics, percentiles, type BoundName, type FormName } from "./form.ts";
import type { FinderRequest } from "./request.ts";

const full = { ttft: "TTFT", tpot: "TPOT", e2e: "E2E" } as const;

export function FinderForm({ state, request }: { readonly state: FinderState; readonly request: FinderRequest }) {
  const form = state.form.value;
  const { problems, wishes } = state.read.value;
  const running = state.search.value.kind === "running";
  const field = (name: FormName, label: string, unit: string, placeholder: string) => (
    <Field
      label={label}
      unit={unit}
      name={`find-${name}`}
      value={form[name]}
      placeholder={placeholder}
      problem={problems[name]}
      onChange={(value) => state.set({ [name]: value })}
    />
  );
  const choice = (name: FormName, label: string, options: readonly (readonly [string, string])[]) => (
    <Choice
      label={label}
      name={`find-${name}`}
      value={form[name]}
      options={options}
      onChange={(value) => state.set({ [name]: value })}
    />
  );
  return (
    <div class="print:hidden">
      <div class="est-fields">
        {field("budget", "Budget", "USD a month", "any")}
        {choice("by", "Rank by p99 of", [
          ["e2e", "E2E"],
          ["ttft", "TTFT"],
          ["tpot", "TPOT"],
        ])}
        {choice("weights", "Weights", [
          ["any", `${request.own.weights} and common smaller formats`],
          ["own", `${request.own.weights}, as in the checkpoint`],
        ])}
        {choice("kv", "KV cache", [
          ["any", `${request.own.kv} and fp8`],
          ["own", `${request.own.kv}, as in the checkpoint`],
        ])}
      </div>
      <details
        class="est-more"
        open={metrics.some((m) => percentiles.some((q) => form[`${m}${q}` as BoundName] !== ""))}
      >
        <summary>Percentiles to keep</summary>
        {metrics.map((metric) => (
          <div class="est-fields" key={metric}>
            {percentiles.map((q) => (
              <span key={q}>{field(`${metric}${q}` as BoundName, `${full[metric]} p${q}, at most`, "ms", "any")}</span>
            ))}
          </div>
        ))}
      </details>
      <details class="est-more" open={form.gpus !== "" || form.prices !== ""}>
        <summary>GPUs, prices of your own, and headroom</summary>
        <div class="est-fields">
          {field("gpus", "Only these GPUs", "separated by commas", "all that have a price")}
          {field("prices", "Your own prices", "USD per GPU-hour", "h100-sxm-80 2.10, l40s 0.80")}
          {field("load", "Most that a server is given", "% of what it can carry", "90")}
        </div>
      </details>
      <p>
        <Button kind="main" action="find" unusable={running || !wishes} onPress={() => void state.run(request)}>
          Find it for me
        </Button>
      </p>
    </div>
  );
}
