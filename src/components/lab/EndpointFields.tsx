/** An endpoint by URL: its address, key, model and price, and what is found out about it. */
import type { Signal } from "@preact/signals-core";
import { useEffect, useRef } from "preact/hooks";
import { ownSimulatedEndpoint, type DoctorReport } from "../../endpoint/target.ts";
import { Button } from "./Button.tsx";
import { FindingList } from "./FindingList.tsx";
import { PairingForm } from "./PairingForm.tsx";
import type { TargetForm } from "./target-form.ts";

interface Props {
  form: TargetForm;
  /** False where the page around it examines the endpoint itself. */
  examines?: boolean;
}

export function EndpointFields({ form, examines = true }: Props) {
  const key = useRef<HTMLInputElement>(null);
  useEffect(() => {
    void ownSimulatedEndpoint().then((url) => (form.simulated.value = url));
    if (form.url.peek() !== "" && form.models.peek().length === 0) void form.urlChanged();
  }, [form]);
  const simulated = form.simulated.value;
  return (
    <div class="lab-target-form">
      <PairingForm onPaired={() => form.url.value !== "" && void form.listModels()} />
      <Field
        label="Base URL"
        type="url"
        placeholder="http://127.0.0.1:8000/v1"
        value={form.url}
        onChange={() => void form.urlChanged()}
      />
      {simulated !== null && form.url.value !== simulated && (
        <p class="lab-target-own">
          <Button
            action="own-endpoint"
            onPress={() => {
              form.url.value = simulated;
              void form.urlChanged();
            }}
          >
            Use the simulated endpoint of this server, {simulated}
          </Button>
        </p>
      )}
      <label>
        <span>API key, if it needs one</span>
        <input
          ref={key}
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={form.key.value}
          onInput={({ currentTarget }) => (form.key.value = currentTarget.value)}
        />
      </label>
      <p class="lab-target-kept" hidden={!form.keptByRunner.value}>
        The local runner keeps your key in its memory, for this server only.{" "}
        <Button
          onPress={() => {
            key.current?.focus();
            void form.forgetKey();
          }}
        >
          Forget the key
        </Button>
      </p>
      <label class="lab-target-tick">
        <input
          type="checkbox"
          checked={form.keepKeyInTab.value}
          onChange={({ currentTarget }) => {
            form.keepKeyInTab.value = currentTarget.checked;
            form.rememberKey();
          }}
        />{" "}
        Keep the key until this tab is closed
      </label>
      <div class="lab-target-model">
        <label>
          Model{" "}
          <select value={form.model.value} onChange={({ currentTarget }) => (form.model.value = currentTarget.value)}>
            {form.models.value.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <Button onPress={() => void form.listModels()}>List models</Button>
        {examines && <Button onPress={() => void form.diagnose()}>Why does it not work?</Button>}
      </div>
      <details>
        <summary>Price and headers</summary>
        <Field label="USD per GPU-hour" type="number" value={form.gpuHour} />
        <Field label="GPUs" type="number" value={form.gpus} />
        <Field label="or USD per million input tokens" type="number" value={form.inputPrice} />
        <Field label="and per million output tokens" type="number" value={form.outputPrice} />
        <label>
          Extra headers, one a line (kept as secret as the key)
          <textarea
            rows={2}
            placeholder="X-Header: value"
            value={form.headers.value}
            onInput={({ currentTarget }) => (form.headers.value = currentTarget.value)}
          />
        </label>
      </details>
      <p class="lab-target-said" role="status">
        {form.said.value}
      </p>
      {examines && (
        <div class="lab-target-findings" aria-live="polite">
          <Findings of={form.findings.value} />
        </div>
      )}
    </div>
  );
}

interface FieldProps {
  label: string;
  type: "url" | "number";
  placeholder?: string;
  value: Signal<string>;
  onChange?(): void;
}

/** Typed text stays the browser's: drawing the form anew while someone types must not put an older text back. */
function Field({ label, type, placeholder, value, onChange }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const text = value.value;
  useEffect(() => {
    if (input.current !== null && input.current.value !== text) input.current.value = text;
  }, [text]);
  return (
    <label>
      <span>{label}</span>
      <input
        ref={input}
        type={type}
        placeholder={placeholder}
        min={type === "number" ? 0 : undefined}
        step={type === "number" ? "any" : undefined}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => (value.value = currentTarget.value)}
        onChange={({ currentTarget }) => {
          value.value = currentTarget.value;
          onChange?.();
        }}
      />
    </label>
  );
}

function Findings({ of }: { of: DoctorReport | string | null }) {
  if (of === null || typeof of === "string") return <>{of}</>;
  return (
    <>
      <p>{of.usable ? "This endpoint can be measured." : "This endpoint can't be measured as it is."}</p>
      <FindingList findings={of.findings} />
    </>
  );
}
