/** Measures a sweep on an endpoint: where, at which loads, how much that sends, and how far it is. */
import { useEffect, useMemo } from "preact/hooks";
import { useEndpointWorker } from "../../endpoint/target.ts";
import { Button } from "../lab/Button.tsx";
import { EndpointFields } from "../lab/EndpointFields.tsx";
import { TargetForm } from "../lab/target-form.ts";
import { saveFile } from "../save-file.ts";
import { Working } from "../tools/Working.tsx";
import { Field } from "../tools/Field.tsx";
import { SweepMeasurement, type SweepField } from "./sweep-measurement.ts";
import type { TwinState } from "./twin-state.ts";

const fields: readonly (readonly [SweepField, string, string?])[] = [
  ["loads", "Users, a load each"],
  ["prompt", "Tokens of a prompt"],
  ["output", "Tokens of an answer"],
  ["requests", "Requests of a load", "at least; three a user"],
];

export function MeasurePanel({ state, endpointWorker }: { state: TwinState; endpointWorker: string | undefined }) {
  const form = useMemo(() => new TargetForm(), []);
  const sweep = useMemo(() => new SweepMeasurement(), []);
  useEffect(() => {
    if (endpointWorker !== undefined) useEndpointWorker(endpointWorker);
  }, [endpointWorker]);
  const plan = sweep.plan.value;
  const problems = "problems" in plan ? plan.problems : {};
  const target = form.target.value;
  const now = sweep.now.value;
  const question = sweep.question.value;
  return (
    <details class="twin-measure print:hidden" data-part="measure">
      <summary>Measure a sweep on an endpoint</summary>
      <EndpointFields form={form} />
      <div class="tool-options">
        {fields.map(([field, label, unit]) => (
          <Field
            key={field}
            label={label}
            {...(unit !== undefined && { unit })}
            name={`sweep-${field}`}
            value={sweep.typed.value[field]}
            problem={problems[field]}
            onChange={(text) => sweep.type({ [field]: text })}
          />
        ))}
      </div>
      <p class="tool-ways">
        {now === null && question === null && (
          <Button
            kind="plain"
            action="measure"
            unusable={"missing" in target || "problems" in plan}
            onPress={() => "missing" in target || sweep.ask(target)}
          >
            Measure
          </Button>
        )}
        {"missing" in target && (
          <span class="lab-muted">{target.missing.replace(/, or run on the simulated server/, "")}</span>
        )}
        {sweep.runs.value.length > 0 && now === null && (
          <Button action="save-runs" onPress={() => saveFile("sweep.jsonl", sweep.file(), "application/x-ndjson")}>
            Save the runs
          </Button>
        )}
      </p>
      {question !== null && !("missing" in target) && (
        <div class="twin-question" role="group" aria-label="Before anything is sent">
          <p>{question}</p>
          <p class="tool-ways">
            <Button
              kind="main"
              action="send"
              onPress={() => {
                form.rememberKey();
                void sweep.measure(target, state);
              }}
            >
              Send them
            </Button>
            <Button onPress={() => (sweep.question.value = null)}>Not now</Button>
          </p>
        </div>
      )}
      <div role="status" data-part="measuring">
        {now !== null && (
          <Working
            what="Measuring"
            text={`Measuring ${now.text}`}
            share={now.share}
            action="stop-measuring"
            onStop={() => sweep.stop()}
          />
        )}
        <span>{sweep.said.value}</span>
      </div>
      <p class="lab-muted">
        The key stays in the memory of the local runner, or of this page where there is none; no link holds it or the
        address. Prompts are new words each time, so that no cache is warm.
      </p>
    </details>
  );
}
