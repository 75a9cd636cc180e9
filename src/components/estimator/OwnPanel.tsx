/** Your own server: model, GPUs, formats, and what they cost. */
import { catalog } from "../../engine/catalog/catalog.ts";
import { formats } from "../../engine/catalog/dtypes.ts";
import { gpuPrices } from "../../engine/catalog/price.ts";
import { BoundChoice, BoundField } from "./Bound.tsx";
import { ConfigBox } from "./ConfigBox.tsx";
import type { EstimatorState } from "./estimator-state.ts";

const models = [
  ["config", "paste a config.json"] as const,
  ...catalog.models.map(({ id, name }) => [id, name] as const),
];
const priced = new Set(gpuPrices.map(({ id }) => id));
const gpus = [...catalog.gpus]
  .sort((a, b) => Number(priced.has(b.id)) - Number(priced.has(a.id)))
  .map(({ id, name }) => [id, priced.has(id) ? name : `${name} (no price)`] as const);
const dtypes = (usual: string) => [["", usual] as const, ...Object.keys(formats).map((id) => [id, id] as const)];
const engines = [
  ["vllm", "vLLM 0.14 or newer"],
  ["vllm-v1", "vLLM 0.8 to 0.13"],
  ["vllm-v0", "vLLM 0.5 to 0.7"],
  ["sglang", "SGLang"],
  ["trtllm", "TensorRT-LLM"],
  ["lmdeploy", "LMDeploy"],
] as const;
const sets = [
  ["fitted", "fitted to measurements"],
  ["course-h100-v1", "the course’s frozen model"],
  ["ideal", "the data sheet’s roofline"],
  ["own", "my own efficiencies"],
] as const;

export function OwnPanel({ state }: { readonly state: EstimatorState }) {
  const typed = state.typed.value;
  const listed = gpuPrices.filter(({ id }) => id === typed.gpu).at(-1)?.usdPerHour;
  return (
    <section class="est-panel" data-part="own">
      <h2>Your own GPUs</h2>
      <div class="est-fields">
        <BoundChoice state={state} name="model" label="Model" options={models} />
        <BoundChoice state={state} name="gpu" label="GPU" options={gpus} />
        <BoundField state={state} name="gpus" label="GPUs in all" />
        <BoundField state={state} name="tp" label="Tensor parallel" />
        <BoundChoice state={state} name="weights" label="Weights" options={dtypes("as in the checkpoint")} />
        <BoundChoice state={state} name="kv" label="KV cache" options={dtypes("as in the checkpoint")} />
        <BoundField
          state={state}
          name="usd"
          label="Price"
          unit="$ per GPU-hour"
          placeholder={listed === undefined ? "not in the catalogue" : String(listed)}
        />
        <BoundChoice
          state={state}
          name="bill"
          label="Rented"
          options={[
            ["always", "around the clock"],
            ["hourly", "by the hour, as the load asks"],
          ]}
        />
      </div>
      {typed.model === "config" && <ConfigBox state={state} />}
      <details class="est-more">
        <summary>More about the server</summary>
        <div class="est-fields">
          <BoundField state={state} name="pp" label="Pipeline parallel" />
          <BoundField state={state} name="operations" label="Operations, for each dollar of GPU" unit="$ in all" />
          <BoundChoice state={state} name="engine" label="Engine" options={engines} />
          <BoundChoice
            state={state}
            name="caching"
            label="Prefix caching"
            options={[
              ["on", "on"],
              ["off", "off"],
            ]}
          />
          <BoundField state={state} name="utilisation" label="gpuMemoryUtilization" placeholder="0.92" />
          <BoundField state={state} name="overhead" label="Overhead a GPU" unit="GB" placeholder="as vLLM takes" />
          <BoundField state={state} name="seqs" label="maxNumSeqs" placeholder="vLLM’s default" />
          <BoundField state={state} name="batch" label="maxNumBatchedTokens" placeholder="vLLM’s default" />
          <BoundChoice state={state} name="set" label="Efficiencies" options={sets} />
          {typed.set === "own" && (
            <>
              <BoundField state={state} name="mfu" label="Of peak arithmetic" unit="%" placeholder="55" />
              <BoundField state={state} name="mbu" label="Of peak bandwidth" unit="%" placeholder="80" />
            </>
          )}
        </div>
        <p class="lab-muted">GB are 10⁹ bytes, as data sheets have them; engines log GiB, which are 7 % larger.</p>
      </details>
    </section>
  );
}
