/** How good the learner's predictions were, and whether they were as sure as they should be. */
import { useMemo } from "preact/hooks";
import { calibration, type Judged } from "../../lab/progress/calibration.ts";
import { withUnit } from "../../engine/chart/format.ts";
import type { PredictionRecord } from "../../lab/storage.ts";
import { OneChart } from "../charts/OneChart.tsx";
import type { CoursePart } from "./course.ts";

interface Props {
  readonly parts: readonly CoursePart[];
  readonly predictions: readonly PredictionRecord[];
}

export function Guesses({ parts, predictions }: Props) {
  const { judged, ratios, confidence } = useMemo(() => {
    const titles = Object.fromEntries(parts.flatMap(({ labs }) => labs.map(({ id, title }) => [id, title])));
    return calibration(predictions, titles);
  }, [parts, predictions]);
  return (
    <section id="guesses">
      <h2>How good your guesses are</h2>
      {judged.length === 0 ? (
        <p>
          Predict a number in a lab before you run it, and say how sure you are. Each guess then stands here beside the
          answer, so that you can see by how much you are off, and whether “quite sure” is right as often as it should
          be.
        </p>
      ) : (
        <>
          <p>{summary(judged)}</p>
          {ratios !== null && <OneChart class="progress-chart" description={ratios} origin={null} />}
          {confidence === null ? (
            <p>Say how sure you are when you predict, and a chart here will show whether you are too sure.</p>
          ) : (
            <OneChart class="progress-chart" description={confidence} origin={null} />
          )}
          <div class="progress-table" tabIndex={0} role="region" aria-label="Your predictions">
            <table>
              <thead>
                <tr>
                  {["No.", "Lab", "Your guess", "The answer", "How sure"].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {judged.map(({ id, title, unit, guess, answer, close, confidence: sure }, index) => (
                  <tr key={id}>
                    <td>{index + 1}</td>
                    <th scope="row">{title}</th>
                    <td>{withUnit(guess, unit)}</td>
                    <td>
                      {withUnit(answer, unit)}
                      {close && " · close"}
                    </td>
                    <td>{sure?.label ?? "not said"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function summary(judged: readonly Judged[]): string {
  const close = judged.filter((each) => each.close).length;
  const [noun, verb] = judged.length === 1 ? ["prediction", "came"] : ["predictions", "came"];
  return `${close} of ${judged.length} ${noun} ${verb} close enough to count, judged by what correct code says.`;
}
