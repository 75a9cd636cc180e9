/** The prediction: a number, a reason and how sure one is; locked by the first run. */
import { useEffect, useRef } from "preact/hooks";
import { confidences, type PredictionState } from "../../lab/store/prediction-state.ts";
import { Button } from "./Button.tsx";
import { InlineText } from "./InlineText.tsx";
import { inEnglish, useLab, useSay } from "./lab-context.ts";
import { threeDigits } from "./three-digits.ts";

export function PredictionBox({ prediction }: { prediction: PredictionState }) {
  const { setup } = useLab();
  const say = useSay();
  const { question, locked, typed, reason, confidence, problem } = prediction;
  const on = `lab-${setup.id}`;
  const isLocked = locked.value !== null;
  const box = useRef<HTMLInputElement>(null);
  const wrong = problem.value;
  useEffect(() => {
    // Typed before the page had come alive.
    const early = box.current?.value ?? "";
    if (early !== "" && typed.peek() === "") typed.value = early;
  }, [typed]);
  useEffect(() => {
    if (wrong !== null) box.current?.focus();
  }, [wrong]);
  return (
    <form
      class="lab-prediction"
      data-part="prediction"
      onSubmit={(event) => {
        event.preventDefault();
        // The button that was pressed gives way to another.
        if (prediction.lock()) box.current?.focus();
      }}
    >
      <p id={`${on}-predict`} lang={inEnglish(setup, "prediction")}>
        <strong>{say("Predict.")}</strong> <InlineText text={question.question} />
      </p>
      <div class="lab-prediction-fields needs-js">
        <span class="lab-guess">
          <input
            ref={box}
            id={`${on}-guess`}
            name="value"
            inputMode="decimal"
            autocomplete="off"
            readOnly={isLocked}
            aria-labelledby={`${on}-predict`}
            aria-invalid={wrong !== null ? "true" : undefined}
            aria-describedby={`${on}-guess-says`}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
          <span>{say(question.unit)}</span>
        </span>
        <label class="lab-reason">
          <span>{say("because")}</span>
          <input
            name="reason"
            autocomplete="off"
            readOnly={isLocked}
            maxLength={200}
            placeholder={say("one line, for yourself")}
            value={reason.value}
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        </label>
        <label class="lab-confidence">
          <span>{say("I am")}</span>
          <select
            name="confidence"
            disabled={isLocked}
            value={confidence.value ?? ""}
            onChange={(event) =>
              (confidence.value = event.currentTarget.value === "" ? null : Number(event.currentTarget.value))
            }
          >
            <option value="">{say("how sure?")}</option>
            {confidences.map(({ chance, label }) => (
              <option key={chance} value={chance}>
                {say(label)}
              </option>
            ))}
          </select>
        </label>
        {isLocked ? (
          <Button
            action="predict-again"
            onPress={() => {
              prediction.again();
              box.current?.focus();
            }}
          >
            Predict again
          </Button>
        ) : (
          <button type="submit" class="lab-button">
            {say("Lock in")}
          </button>
        )}
      </div>
      <p class="lab-prediction-says needs-js" id={`${on}-guess-says`} role="status">
        {say(
          wrong ??
            (locked.value !== null && locked.value.actual === undefined
              ? `Locked in: ${threeDigits(locked.value.value)} ${question.unit}. Press Run to see.`
              : ""),
        )}
      </p>
    </form>
  );
}
