/** "Find it for me": servers for the page's traffic, the cheapest first, each confirmed by a simulation. */
import { useEffect, useMemo } from "preact/hooks";
import type { PlanAnswer, PlanQuestion, PlanRow } from "../../engine/plan/types.ts";
import { OneChart } from "../charts/OneChart.tsx";
import { Button } from "../lab/Button.tsx";
import { saveFile } from "../save-file.ts";
import { Working } from "../tools/Working.tsx";
import "./finder.css";
import { FinderForm } from "./FinderForm.tsx";
import { FinderState } from "./finder-state.ts";
import { PlanAway } from "./PlanAway.tsx";
import { planChart } from "./plan-chart.ts";
import { plansToCsv, plansToJson } from "./plan-export.ts";
import { PlanTable } from "./PlanTable.tsx";
import { titleOf } from "./plan-words.ts";
import { isPlain, type FinderRequest } from "./request.ts";

const origin = { kind: "simulated" } as const;

interface Props {
  /** null while the page does not say what is asked. */
  readonly request: FinderRequest | null;
  /** What the address holds of the finder. */
  readonly text: string;
  remember(text: string): void;
  /** Makes a row the page's configuration. */
  use(row: PlanRow): void;
}

export default function FinderPanel({ request, text, remember, use }: Props) {
  const state = useMemo(() => new FinderState(remember), []);
  const ready = request !== null;
  useEffect(() => {
    if (ready && state.restore(text)) void state.run(request);
  }, [state, text, ready]);
  const { value: search } = state.search;
  return (
    <section class="finder" data-part="finder" data-search={search.kind}>
      <h2>Find it for me</h2>
      <p>
        Tries GPUs, how many, how the model is split over them, and number formats, for the busiest hour of this
        traffic.{" "}
        {request?.promise
          ? "The promise above is kept by every row."
          : "Promise a latency above, or percentiles here; without, only what can carry the load counts."}
      </p>
      {request === null ? (
        <p>First fill in the request, the load and a server above that can be priced.</p>
      ) : (
        <FinderForm state={state} request={request} />
      )}
      <div role="status">
        {search.kind === "running" && (
          <Working
            what="Searching"
            share={search.share}
            percent
            action="find-stop"
            stop="Cancel"
            onStop={() => state.stop()}
          />
        )}
        {search.kind === "stopped" && <p>The search was cancelled. Nothing was found out yet: search again.</p>}
      </div>
      {search.kind === "failed" && (
        <p class="lab-problem" role="alert">
          {search.text}.
        </p>
      )}
      {search.kind === "done" && request && (
        <Answer state={state} answer={search.answer} question={search.question} request={request} use={use} />
      )}
    </section>
  );
}

interface AnswerProps {
  readonly state: FinderState;
  readonly answer: PlanAnswer;
  readonly question: PlanQuestion;
  readonly request: FinderRequest;
  use(row: PlanRow): void;
}

function Answer({ state, answer, question, request, use }: AnswerProps) {
  const { rows, refused, configurations, simulated, rankBy } = answer;
  const chart = useMemo(() => planChart(answer), [answer]);
  const everything = question.rows === Infinity;
  const now = state.question(request, question.rows ?? 0);
  const changed = JSON.stringify(now) !== JSON.stringify(question);
  const count = (n: number) => n.toLocaleString("en-GB");
  return (
    <>
      {changed && <p class="tool-problem">What is asked has changed since this search: search again.</p>}
      {rows.length > 0 && (
        <p data-part="found">
          {everything
            ? `The cheapest that will do of each of ${count(configurations)} configurations, and the front`
            : "The cheapest that will do of each GPU and weight format, and what is faster for more money"}
          : {count(rows.length)} rows. Simulated with {count(rows[0]!.confirmed.requests)} requests each; a goal counts
          as kept where the upper end of its 95 % interval keeps it.
        </p>
      )}
      {rows.length === 0 && <Nothing answer={answer} use={use} />}
      {rows.length > 0 && (
        <>
          <PlanTable state={state} rows={rows} rankBy={rankBy} use={use} />
          {state.chosen.value && <PlanAway row={state.chosen.value} />}
          {chart && <OneChart class="lab-chart" description={chart} origin={origin} />}
          <p class="tool-away print:hidden">
            <Button
              action="plans-csv"
              label="CSV of the rows"
              onPress={() => saveFile("plans.csv", plansToCsv(rows), "text/csv")}
            >
              CSV
            </Button>
            <Button
              action="plans-json"
              label="JSON of the search"
              onPress={() =>
                saveFile("plans.json", JSON.stringify(plansToJson(question, answer), null, 1), "application/json")
              }
            >
              JSON
            </Button>
            {!everything && (
              <Button action="find-everything" onPress={() => void state.run(request, true)}>
                Search every configuration
              </Button>
            )}
          </p>
        </>
      )}
      <details data-part="refused">
        <summary>
          {count(configurations)} configurations were looked at, {count(simulated)} plans simulated: why the others are
          no rows
        </summary>
        <ul>
          {refused.map(({ reason, words }) => (
            <li key={reason} data-reason={reason}>
              {words}
            </li>
          ))}
        </ul>
        <p>
          A server is given at most {Math.round(100 * (question.mostLoad ?? 0.9))} % of what the closed form says it can
          carry, and is not simulated where that form expects twice what a goal allows. Each replica is sent its share
          at random. Stages of a pipeline are simulated one batch at a time.
        </p>
      </details>
    </>
  );
}

function Nothing({ answer: { nearest, refused }, use }: { readonly answer: PlanAnswer; use(row: PlanRow): void }) {
  return (
    <div data-part="nothing">
      <p>
        <b>Nothing meets all of it.</b>{" "}
        {nearest.length === 0 &&
          (refused.every(({ reason }) => reason === "unpriced")
            ? "None of these GPUs has a price: type one, or allow others."
            : "The reasons are counted below; allow more GPUs, smaller formats or a larger budget.")}
      </p>
      <ul>
        {nearest.map(({ row, words }) => (
          <li key={words}>
            {words}{" "}
            {isPlain(row) && (
              <span class="print:hidden">
                <Button action="use" label={`Use ${titleOf(row)} in the estimate`} onPress={() => use(row)}>
                  Use
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
