/** Where a lab runs: the simulated server, a real engine in this tab, or an endpoint by URL. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { tabEngineMissing, tabTarget, useTabEngine } from "../../endpoint/tab-engine.ts";
import { useEndpointWorker } from "../../endpoint/target.ts";
import { EndpointFields } from "./EndpointFields.tsx";
import { useLab } from "./lab-context.ts";
import { TargetForm } from "./target-form.ts";

const kinds = {
  simulated: "Simulated server",
  tab: "A real engine in this tab",
  endpoint: "Endpoint by URL",
} as const;
type Kind = keyof typeof kinds;

const tabWords =
  "llama.cpp as WebAssembly over a tiny random model: real prefill, batching and streaming on your own processor, at its speed, and no words that mean anything. It loads at the first run.";

export function TargetPane() {
  const lab = useLab();
  const { setup } = lab;
  const kind = useSignal<Kind>("simulated");
  const form = useMemo(() => new TargetForm(), []);
  useEffect(() => {
    const { endpointWorker, tabEngine } = setup.urls;
    if (endpointWorker !== undefined) useEndpointWorker(endpointWorker);
    if (tabEngine !== undefined) useTabEngine(tabEngine);
  }, [setup]);
  useSignalEffect(() => {
    if (kind.value === "simulated") lab.setTarget(null, null);
    else if (kind.value === "tab") lab.setTarget(tabTarget, tabEngineMissing());
    else {
      const chosen = form.target.value;
      if ("missing" in chosen) lab.setTarget(null, chosen.missing);
      else {
        lab.setTarget(chosen, null);
        form.rememberKey();
      }
    }
  });
  return (
    <div class="lab-target needs-js" data-part="target">
      <fieldset>
        <legend>Run on</legend>
        {(Object.keys(kinds) as Kind[]).map((each) => (
          <label key={each} class="lab-target-kind">
            <input
              type="radio"
              name={`target-${setup.id}`}
              checked={kind.value === each}
              onChange={() => (kind.value = each)}
            />{" "}
            {kinds[each]}
          </label>
        ))}
        <p class="lab-target-about" role="status">
          {kind.value === "tab" ? (tabEngineMissing() ?? tabWords) : ""}
        </p>
        {kind.value === "endpoint" && <EndpointFields form={form} />}
      </fieldset>
    </div>
  );
}
