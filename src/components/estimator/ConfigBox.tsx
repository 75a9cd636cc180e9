/** A model from its config.json: what it was read as, and what it left open. */
import { useId } from "preact/hooks";
import type { EstimatorState } from "./estimator-state.ts";
import { number } from "./words.ts";

export function ConfigBox({ state }: { readonly state: EstimatorState }) {
  const id = useId();
  const problem = state.problems.config;
  const model = state.read.value.plan?.own?.model;
  return (
    <div class="est-config">
      <label for={id}>config.json of the model, as on Hugging Face</label>
      <textarea
        id={id}
        name="config"
        rows={6}
        spellcheck={false}
        value={state.typed.value.config}
        placeholder={'{ "model_type": "llama", "hidden_size": 4096, … }'}
        aria-invalid={problem === undefined ? undefined : "true"}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={(e) => state.set({ config: e.currentTarget.value })}
      />
      {problem !== undefined && (
        <span class="tool-problem" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
      {model && (
        <div data-part="config-read">
          <p class="lab-muted">
            Read as {number(model.parameters / 1e9)} B parameters, {number(model.activeParameters / 1e9)} B of them for
            each token, in {model.layers} layers.
          </p>
          {model.assumed && (
            <>
              <p class="lab-muted">Assumed, as the config does not say:</p>
              <ul class="lab-muted">
                {model.assumed.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </div>
  );
}
