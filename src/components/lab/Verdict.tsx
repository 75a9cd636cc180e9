/** The prediction beside what correct code says: both large, in one unit, with the gap as a factor. */
import type { PredictionState } from "../../lab/store/prediction-state.ts";
import { useSay } from "./lab-context.ts";
import { InlineText } from "./InlineText.tsx";
import { threeDigits } from "./three-digits.ts";

export function Verdict({ prediction }: { prediction: PredictionState }) {
  const say = useSay();
  const { locked, question } = prediction;
  const record = locked.value;
  if (record?.actual === undefined) return null;
  const { value, actual } = record;
  const most = Math.max(value, actual);
  const bar = (of: number) => ({ inlineSize: `${most > 0 ? Math.max(0.5, (of / most) * 100) : 0}%` });
  return (
    <section class="lab-verdict" data-part="verdict" aria-label={say("Your prediction and the answer")}>
      <dl>
        <div>
          <dt>{say("You predicted")}</dt>
          <dd>
            {say(threeDigits(value))} <span>{say(question.unit)}</span>
          </dd>
          <i style={bar(value)} />
        </div>
        <div data-truth="">
          <dt>{say("Correct code says")}</dt>
          <dd>
            {say(threeDigits(actual))} <span>{say(question.unit)}</span>
          </dd>
          <i style={bar(actual)} />
        </div>
        <div>
          <dt>{say("Gap")}</dt>
          <dd>{say(gapWords(value, actual, question.tolerance))}</dd>
        </div>
      </dl>
      <p>
        <InlineText text={question.explain} />
      </p>
    </section>
  );
}

/** "× 2.3 too low", "12 % too high" or "close". */
export function gapWords(value: number, actual: number, tolerance: number): string {
  const off = Math.abs(value - actual) / Math.abs(actual);
  if (off <= tolerance) return "close";
  const side = value < actual ? "low" : "high";
  const factor = Math.max(value / actual, actual / value);
  return value > 0 && actual > 0 && factor >= 2
    ? `× ${threeDigits(factor)} too ${side}`
    : `${threeDigits(off * 100)} % too ${side}`;
}
