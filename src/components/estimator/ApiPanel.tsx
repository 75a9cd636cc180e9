/** Whose API, at which day's prices. */
import { prices } from "../../engine/catalog/price.ts";
import { BoundChoice, BoundField } from "./Bound.tsx";
import type { EstimatorState } from "./estimator-state.ts";

const models = [
  ...[...new Set(prices.map(({ id }) => id))].map((id) => [id, id] as const),
  ["own", "another, at my price"] as const,
];

export function ApiPanel({ state }: { readonly state: EstimatorState }) {
  const own = state.typed.value.api === "own";
  return (
    <section class="est-panel" data-part="api">
      <h2>The API</h2>
      <div class="est-fields">
        <BoundChoice state={state} name="api" label="API model" options={models} />
        <BoundField state={state} name="on" label="Prices as of" placeholder={state.today} />
        <BoundChoice
          state={state}
          name="tier"
          label="Service"
          options={[
            ["standard", "standard"],
            ["batch", "batch or flex"],
          ]}
        />
      </div>
      {own && (
        <div class="est-fields">
          <BoundField state={state} name="priceIn" label="Tokens in" unit="$ per million" />
          <BoundField
            state={state}
            name="priceCached"
            label="Cached tokens"
            unit="$ per million"
            placeholder="as tokens in"
          />
          <BoundField
            state={state}
            name="priceWrite"
            label="Cache writes"
            unit="$ per million"
            placeholder="as tokens in"
          />
          <BoundField state={state} name="priceOut" label="Tokens out" unit="$ per million" />
        </div>
      )}
      <details class="est-more">
        <summary>More about the API</summary>
        <div class="est-fields">
          <BoundField
            state={state}
            name="cached"
            label="Cached tokens of a prompt"
            placeholder="from the shared prefix"
          />
          <BoundField state={state} name="written" label="Tokens written to its cache" placeholder="0" />
          <BoundField state={state} name="drift" label="More tokens than yours" unit="%" />
          <BoundField state={state} name="apiTtft" label="Its TTFT, as you measured" unit="ms" />
          <BoundField state={state} name="apiSpeed" label="Its speed, as you measured" unit="tokens/s" />
        </div>
        <p class="lab-muted">
          Tokenizers differ: Llama 2’s makes about 19 % more tokens than ChatGPT’s did (Databricks, October 2023).
        </p>
      </details>
    </section>
  );
}
