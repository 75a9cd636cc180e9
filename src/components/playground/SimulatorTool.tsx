/** The simulator playground: a server and a load whose every knob moves the charts while it is moved. */
import { useEffect, useMemo } from "preact/hooks";
import { formatNumber } from "../../engine/chart/format.ts";
import type { TraceFile } from "../../lab/setup.ts";
import { Button } from "../lab/Button.tsx";
import "../lab/lab.css";
import { Working } from "../tools/Working.tsx";
import { onHashChange } from "../tools/hash-state.ts";
import { TakeAway } from "../tools/TakeAway.tsx";
import "../tools/tools.css";
import { configure } from "./configure.ts";
import { distributions, type Named } from "./distributions.ts";
import { examples } from "./examples.ts";
import { Figures, letters, simulatedWords } from "./Figures.tsx";
import { Knobs } from "./Knobs.tsx";
import { ownTrace, replayed } from "./knobs.ts";
import { LiveChart } from "./LiveChart.tsx";
import "./playground.css";
import { Player } from "./Player.tsx";
import { seedOf } from "./picture.ts";
import { PlaygroundState, type Task } from "./playground-state.ts";
import { watched } from "./steps.ts";
import { enough } from "./sweep.ts";
import { toCode, toCsv, toJson, type Taken } from "./take-away.ts";
import { TraceBox } from "./TraceBox.tsx";
import { differences, seconds, sentence, share } from "./words.ts";

const doing: Readonly<Record<Task, string>> = {
  all: "Simulating all requests",
  sweep: "Simulating twelve loads",
  steps: "Going through the steps",
  trace: "Reading the trace",
  fetch: "Fetching the trace",
};

/** `traces`: where the shipped traces lie on the site, by name. */
export default function SimulatorTool({ traces }: { readonly traces: Readonly<Record<string, TraceFile>> }) {
  const state = useMemo(() => new PlaygroundState(traces), [traces]);
  useEffect(() => {
    const again = () => void state.restore();
    again();
    const deaf = onHashChange(again);
    return () => {
      deaf();
      state.dispose();
    };
  }, [state]);
  const picture = state.picture.value;
  const problem = state.problem.value;
  const missing = replayed(state.values.value) === ownTrace && state.own.value === null;
  const stale = problem?.about === "simulation" || missing;
  return (
    <div
      class="lab tool playground not-content"
      data-tool="simulator"
      data-ready={picture ? "" : undefined}
      data-frames={state.frames.value}
      data-simulated={picture?.simulated}
    >
      <p class="tool-examples print:hidden">
        <span class="lab-muted">Examples: </span>
        {examples.map(({ id, title, shows }) => (
          <Button key={id} action={`example-${id}`} label={`${title}: ${shows}`} onPress={() => void state.example(id)}>
            {title}
          </Button>
        ))}
        <Button action="defaults" onPress={() => state.defaults()}>
          All knobs to their defaults
        </Button>
      </p>
      <div class="playground-bench">
        <div class="playground-side">
          <Knobs state={state} />
          <TraceBox state={state} />
          {picture !== null && (
            <p class="playground-mini print:hidden" data-part="mini">
              TTFT p99 {seconds(picture.ttft.at[2] ?? NaN)} · TPOT p99 {seconds(picture.tpot.at[2] ?? NaN)} ·{" "}
              {formatNumber(picture.outputTokensPerSecond)} tokens/s
              {picture.good && ` · ${share(picture.good.attainment)} within the objective`}; simulated
            </p>
          )}
        </div>
        <div class="playground-out" data-stale={stale ? "" : undefined}>
          <p class="playground-paper">
            {["With", differences(state.values.value).join("; ") || "every knob at its default"].join(" ")}.
          </p>
          {problem !== null && problem.about === "simulation" && problem.knob === null && (
            <p class="lab-problem" role="alert" data-part="problem">
              {sentence(problem.text)}
            </p>
          )}
          {missing && (
            <p class="lab-problem" data-part="no-trace">
              There is no trace yet: paste, drop or open one under “Your own trace”.
            </p>
          )}
          <Status state={state} />
          {picture === null && !problem && <p data-part="empty">The first simulation is under way.</p>}
          {stale && picture !== null && <p class="lab-muted">What stands below is from before.</p>}
          <Figures state={state} />
          {picture !== null && <Away state={state} />}
          <Charts state={state} />
          <Sweeps state={state} />
          <Steps state={state} />
        </div>
      </div>
    </div>
  );
}

function Status({ state }: { readonly state: PlaygroundState }) {
  const task = state.task.value;
  const picture = state.picture.value;
  const stopped = state.stopped.value;
  return (
    <div class="playground-status" data-part="status">
      <p data-part="simulated">{picture === null ? "" : simulatedWords(picture)}</p>
      <p role="status" data-part="task">
        {task !== null && (
          <Working
            key={task.what}
            what={doing[task.what]}
            share={task.share}
            percent
            onStop={task.what === "fetch" ? undefined : () => state.stop()}
          />
        )}
        {task === null && stopped !== null && (
          <>
            <span>Stopped. </span>
            {stopped === "all" && (
              <Button action="all" onPress={() => void state.simulateAll()}>
                Simulate all requests
              </Button>
            )}
          </>
        )}
      </p>
    </div>
  );
}

function takenOf(state: PlaygroundState): readonly Taken[] {
  const shown = state.shown.value;
  const current = shown === null ? [] : [{ name: "now", ...shown }];
  const held = state.held.value.map((each, i) => ({ name: letters[i] ?? "", ...each }));
  return [...current, ...held].flatMap(({ name, values, picture }) => {
    if (picture === null) return [];
    try {
      return [{ name, setup: configure(values), picture }];
    } catch {
      return [];
    }
  });
}

function Away({ state }: { readonly state: PlaygroundState }) {
  return (
    <TakeAway
      stem="simulation"
      csv={() => toCsv(takenOf(state))}
      json={() => toJson(takenOf(state))}
      linkLacks={state.linkLacks.value}
      code={() => toCode(takenOf(state), state.own.value?.table)}
    />
  );
}

function Charts({ state }: { readonly state: PlaygroundState }) {
  const picture = state.picture.value;
  const held = state.held.value;
  const own = replayed(state.values.value) === ownTrace ? state.own.value : null;
  const slo = state.setup.value?.slo;
  const drawn = useMemo(() => {
    if (picture === null) return [];
    const all: Named[] = [
      { name: "now", samples: picture.samples },
      ...held.flatMap((each, i) => (each.picture ? [{ name: letters[i] ?? "", samples: each.picture.samples }] : [])),
      ...(own?.measured ? [{ name: "measured", samples: own.measured }] : []),
    ];
    return distributions(all, slo ?? {});
  }, [picture, held, own, slo]);
  if (picture === null) return null;
  const { seed } = picture;
  const { from, at } = state.view.value;
  return (
    <section aria-label="Charts" data-part="charts">
      {own?.measured && <p>The line “measured” is what the server of your file took; all others are simulated.</p>}
      <div class="tool-charts">
        {drawn.map((chart) => (
          <LiveChart key={chart.title} description={chart} seed={seed} />
        ))}
      </div>
      {picture.charts.slice(0, 1).map((chart) => (
        <LiveChart key={chart.title} description={chart} seed={seed} />
      ))}
      <div class="tool-charts">
        <div>
          {picture.charts[1] && <LiveChart description={picture.charts[1]} seed={seed} />}
          <label class="playground-look print:hidden">
            Requests from
            <input
              type="range"
              name="view-from"
              autocomplete="off"
              min={0}
              max={Math.max(0, picture.requests.count - 40)}
              value={from}
              aria-valuetext={`request ${from} on`}
              onInput={({ currentTarget }) => state.look({ from: Number(currentTarget.value) })}
            />
            <output>{from.toLocaleString("en-GB")}</output>
          </label>
        </div>
        <div>
          {picture.charts[2] && <LiveChart description={picture.charts[2]} seed={seed} />}
          <label class="playground-look print:hidden">
            At
            <input
              type="range"
              name="view-at"
              autocomplete="off"
              min={0}
              max={1}
              step={0.01}
              value={at ?? 0.5}
              aria-valuetext={at === null ? "when it is fullest" : `${Math.round(at * 100)} % of the run`}
              onInput={({ currentTarget }) => state.look({ at: Number(currentTarget.value) })}
            />
            <output>{at === null ? "fullest" : `${Math.round(at * 100)} %`}</output>
          </label>
        </div>
      </div>
    </section>
  );
}

function Sweeps({ state }: { readonly state: PlaygroundState }) {
  const found = state.sweep.value;
  if (state.picture.value === null) return null;
  const stale = found !== null && found.of !== state.setup.value;
  return (
    <section data-part="sweep" aria-labelledby="playground-sweep">
      <h2 id="playground-sweep">How much load is safe?</h2>
      <p class="print:hidden">
        <Button kind="plain" action="sweep" onPress={() => void state.sweepLoad()}>
          Simulate a tenth to four times this load
        </Button>
      </p>
      {found === null ? (
        <p class="lab-muted">Twelve loads are simulated, and the goodput under the objective is drawn over them.</p>
      ) : (
        <>
          {stale && <p class="lab-muted">The knobs were moved since; this is from before.</p>}
          <p data-part="safe">
            {found.sweep.safe === null
              ? `Not even the lightest load tried keeps ${enough * 100} % of requests within the objective.`
              : `${found.sweep.axis}: up to ${formatNumber(found.sweep.safe)}, ${enough * 100} % of requests or more meet the objective (of the loads tried).`}
          </p>
          <div class="tool-charts">
            {found.sweep.charts.map((chart) => (
              <LiveChart key={chart.title} description={chart} seed={seedOf(found.of.load)} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function Steps({ state }: { readonly state: PlaygroundState }) {
  const found = state.figure.value;
  if (state.picture.value === null) return null;
  const stale = found !== null && found.of !== state.setup.value;
  return (
    <section data-part="steps" aria-labelledby="playground-steps">
      <h2 id="playground-steps">Step by step</h2>
      <p class="print:hidden">
        <Button kind="plain" action="steps" onPress={() => void state.watchSteps()}>
          {`Watch the first ${watched.requests} requests`}
        </Button>
      </p>
      {found === null ? (
        <p class="lab-muted">
          What the scheduler of one engine gives to whom in each step, and who holds which blocks. Answers are cut at{" "}
          {watched.answer} tokens, so that each step can be seen.
        </p>
      ) : (
        <>
          {stale && <p class="lab-muted">The knobs were moved since; this is from before.</p>}
          <p class="lab-muted">
            Answers are cut at {watched.answer} tokens; one engine; users who wait all ask at once.
          </p>
          <Player figure={found.figure} />
        </>
      )}
    </section>
  );
}
