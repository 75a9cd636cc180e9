/** Below the capstone: every attempt beside what a search found, and the report card of one of them, to print and to hand on. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { recordId } from "../../lab/progress/tally.ts";
import { openStorage, type RunDataRecord, type Storage } from "../../lab/storage.ts";
import { shownTable } from "../charts/cells.ts";
import { OneChart } from "../charts/OneChart.tsx";
import { saveFile } from "../save-file.ts";
import { attemptsOf, percent, placeChart, standing, whole, type Attempt, type FoundFront } from "./attempts.ts";
import { cardMarkdown, cardRows, holdsWords, missing, reflections, type Card, type Reflection } from "./card.ts";
import "./capstone.css";

const origin = { kind: "simulated" } as const;
const settingOf = (name: string) => `capstone-${name}`;
const names = Object.keys(reflections) as Reflection[];

interface Props {
  readonly found: FoundFront;
  /** Address of the completion page. */
  readonly completion: string;
}

export default function CapstoneBoard({ found, completion }: Props) {
  const attempts = useSignal<readonly Attempt[]>([]);
  const checked = useSignal<number | null>(null);
  const chosen = useSignal<string | null>(null);
  const data = useSignal<RunDataRecord | undefined>(undefined);
  const said = useSignal<Card["said"]>({ diagnosis: "", tradeoff: "", risk: "" });
  const ready = useSignal(false);
  const attempt = useComputed(
    () => attempts.value.find(({ id }) => id === chosen.value) ?? best(attempts.value) ?? null,
  );
  useEffect(() => {
    let stop: (() => void)[] = [];
    let gone = false;
    void openStorage().then(async (storage) => {
      if (gone) return;
      const load = async () => {
        attempts.value = attemptsOf(await storage.all("runs"));
        const points = (await storage.get("progress", recordId.lab("capstone")))?.detail;
        checked.value = typeof points === "number" ? points : null;
        data.value = attempt.peek() === null ? undefined : await storage.get("runData", attempt.peek()!.id);
      };
      stop = (["runs", "runData", "progress"] as const).map((store) => storage.changed(store, () => void load()));
      said.value = await readSaid(storage);
      await load();
      ready.value = true;
    });
    return () => {
      gone = true;
      for (const each of stop) each();
    };
  }, []);
  const choose = async (id: string) => {
    chosen.value = id;
    data.value = await (await openStorage()).get("runData", id);
  };
  const write = (name: Reflection, text: string) => {
    said.value = { ...said.value, [name]: text };
    void openStorage().then((storage) => storage.put("settings", { id: settingOf(name), value: text }));
  };
  const chart = useComputed(() => placeChart(found, attempts.value));
  const card: Card | null = attempt.value && {
    attempt: attempt.value,
    checked: checked.value,
    plan: planOf(data.value),
    said: said.value,
    found,
  };
  return (
    <div class="capstone-board not-content" data-ready={ready.value ? "" : undefined}>
      <section aria-labelledby="capstone-front">
        <h2 id="capstone-front">Where your attempts stand</h2>
        <p>
          While this site was built, a search ran {found.tried} plans on traffic of its own. Those that no other one
          beats in money, promises kept and slowest requests are the front: {found.front.length} plans. The best has{" "}
          {found.best.toFixed(1)} points. What they are stays closed until you want to know.
        </p>
        <OneChart description={chart.value} origin={origin} />
        <details>
          <summary>The plans on the front</summary>
          <Table
            label="Plans on the front"
            head={["USD a month", "Kept", "Slower p99, of its promise", "Points", "Plan"]}
            rows={found.front.map(({ usd, kept, worst, points, plan }) => [
              whole(usd),
              percent(kept),
              percent(worst),
              points.toFixed(1),
              plan,
            ])}
          />
        </details>
        {attempts.value.length === 0 ? (
          <p data-part="no-attempt">No attempt yet. Press Run above: each run stands here, and in the figure.</p>
        ) : (
          <Table
            label="Your attempts"
            head={["Attempt", "Points", "Kept", "Slower p99", "USD a month", "Beside the front"]}
            rows={attempts.value
              .toReversed()
              .map((each) => [
                each.ofSolution ? `${each.name}, the solution` : each.name,
                each.points.toFixed(1),
                percent(each.kept),
                percent(each.worst),
                whole(each.usd),
                standing(each, found),
              ])}
          />
        )}
      </section>
      {card !== null && (
        <section class="capstone-card" aria-labelledby="capstone-card">
          <h2 id="capstone-card">Report card</h2>
          <p class="capstone-of">
            <label>
              Of{" "}
              <select
                value={card.attempt.id}
                onChange={({ currentTarget }) => void choose(currentTarget.value)}
                data-part="card-of"
              >
                {attempts.value.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <span>Simulated under the course’s parameters; no GPU was measured.</span>
          </p>
          <Table
            label="Report card"
            head={["", "This plan", "The brief", ""]}
            rows={cardRows(card).map(({ name, value, limit, holds }) => [name, value, limit, holdsWords(holds)])}
          />
          {card.plan.length > 0 && <Table label="The plan" head={["The plan", ""]} rows={card.plan} />}
          {names.map((name) => (
            <label key={name} class="capstone-said">
              {reflections[name]}
              <textarea
                rows={2}
                maxLength={600}
                value={card.said[name]}
                onInput={({ currentTarget }) => write(name, currentTarget.value)}
              />
            </label>
          ))}
          <Lacks of={missing(card)} />
          <p class="capstone-acts needs-js">
            <button type="button" data-action="card-print" onClick={printCard}>
              Print the card
            </button>
            <button
              type="button"
              data-action="card-markdown"
              onClick={() => saveFile("capstone-report.md", cardMarkdown(card), "text/markdown")}
            >
              Save as Markdown
            </button>
            <a href={completion}>What you have proved over the course</a>
          </p>
        </section>
      )}
    </div>
  );
}

function best(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.toSorted((a, b) => b.points - a.points || b.date.localeCompare(a.date))[0];
}

function Lacks({ of }: { of: readonly string[] }) {
  return of.length === 0 ? (
    <p data-part="card-complete">The card is complete.</p>
  ) : (
    <div data-part="card-lacks">
      <p>Still incomplete. It lacks</p>
      <ul>
        {of.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

interface TableProps {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function Table({ label, head, rows }: TableProps) {
  return (
    <div class="capstone-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((name, i) =>
              name === "" ? (
                <td key={i} />
              ) : (
                <th key={i} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name = "", ...cells], r) => (
            <tr key={r}>
              <th scope="row">{name}</th>
              {cells.map((cell, c) => (
                <td key={c}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The lab's own table of the run says what the plan was; the rows above it are its results. */
function planOf(data: RunDataRecord | undefined): readonly (readonly string[])[] {
  const card = data?.charts.find(({ description }) => description.title === "Report card");
  if (card === undefined) return [];
  const { rows, cell } = shownTable(card.description);
  const lines = Array.from({ length: rows }, (_, row) => [cell(row, 0), cell(row, 1)]);
  return lines.slice(lines.findIndex(([name]) => name === "Model"));
}

async function readSaid(storage: Storage): Promise<Card["said"]> {
  const read = async (name: Reflection) => String((await storage.get("settings", settingOf(name)))?.value ?? "");
  return { diagnosis: await read("diagnosis"), tradeoff: await read("tradeoff"), risk: await read("risk") };
}

/** Paper gets the card alone. */
function printCard(): void {
  const { documentElement: root } = document;
  root.dataset.printing = "card";
  addEventListener("afterprint", () => delete root.dataset.printing, { once: true });
  print();
}
