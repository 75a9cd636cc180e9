/** Which server was measured: model, GPU, engine, and the options that change what a step costs. */
import { useId } from "preact/hooks";
import { catalog } from "../../engine/catalog/catalog.ts";
import { formats } from "../../engine/catalog/dtypes.ts";
import { engines } from "../measured/engines.ts";
import { Choice, Field } from "../tools/Field.tsx";
import type { ServerChoice } from "./server-choice.ts";
import type { TwinState } from "./twin-state.ts";

const dtypes = Object.keys(formats);

export function ServerFields({ state }: { state: TwinState }) {
  const configId = useId();
  const choice = state.server.value;
  const problem = state.problem.value;
  const at = (field: keyof ServerChoice) => (problem?.field === field ? problem.text : null);
  const set = (server: Partial<ServerChoice>) => state.change({ server });
  const list = (
    field: "model" | "gpu" | "engine" | "weights" | "kv",
    label: string,
    options: readonly (readonly [string, string])[],
  ) => (
    <span>
      <Choice
        label={label}
        name={field}
        value={choice[field]}
        options={options}
        onChange={(v) => set({ [field]: v })}
      />
      {at(field) !== null && (
        <span class="tool-problem" role="alert">
          {at(field)}
        </span>
      )}
    </span>
  );
  const number = (field: "tp" | "seqs" | "batch" | "blocks", label: string, unit?: string) => (
    <Field
      label={label}
      {...(unit !== undefined && { unit })}
      name={field}
      value={choice[field]}
      placeholder={field === "tp" ? "1" : "the engine’s own"}
      problem={at(field)}
      onChange={(v) => set({ [field]: v.trim() })}
    />
  );
  return (
    <>
      <div class="tool-options" role="group" aria-label="The server that was measured">
        {list("model", "Model", [
          ["", "from a config.json …"],
          ...catalog.models.map(({ id }): [string, string] => [id, id]),
        ])}
        {list(
          "gpu",
          "GPU",
          catalog.gpus.map(({ id, name }) => [id, name]),
        )}
        {number("tp", "GPUs (tensor parallel)")}
        {list("engine", "Engine", engines)}
        {list("weights", "Weights", [["", "as in the checkpoint"], ...dtypes.map((id): [string, string] => [id, id])])}
        {list("kv", "KV cache", [["", "as the engine chooses"], ...dtypes.map((id): [string, string] => [id, id])])}
      </div>
      {choice.model === "" && (
        <div class="tool-data">
          <label for={configId}>The model’s config.json</label>
          <textarea
            id={configId}
            rows={5}
            spellcheck={false}
            value={choice.config}
            aria-invalid={at("config") === null ? undefined : "true"}
            aria-describedby={at("config") === null ? undefined : `${configId}-problem`}
            onChange={(e) => set({ config: e.currentTarget.value })}
          />
          {at("config") !== null && (
            <p class="tool-problem" id={`${configId}-problem`} role="alert">
              {at("config")}
            </p>
          )}
        </div>
      )}
      <details>
        <summary>Options that it was started with</summary>
        <div class="tool-options">
          {number("seqs", "max-num-seqs")}
          {number("batch", "max-num-batched-tokens")}
          {number("blocks", "num-gpu-blocks", "as its log prints them")}
        </div>
      </details>
    </>
  );
}
