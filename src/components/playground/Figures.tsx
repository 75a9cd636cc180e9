/** The numbers: the estimate at once, the simulation beside it, and what is held in columns of its own. */
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import { Button } from "../lab/Button.tsx";
import { percentilesShown, type Latency, type Picture } from "./picture.ts";
import { mostHeld, type Held, type PlaygroundState } from "./playground-state.ts";
import type { QuickEstimate } from "./quick-estimate.ts";
import { inShort, ranged, seconds, share } from "./words.ts";

export const letters = ["A", "B", "C"] as const;
const latencies = [
  ["ttft", "TTFT"],
  ["tpot", "TPOT"],
  ["e2e", "End to end"],
] as const;

export function Figures({ state }: { readonly state: PlaygroundState }) {
  const picture = state.picture.value;
  if (picture === null) return null;
  return (
    <div data-part="figures">
      <Headline picture={picture} estimate={state.estimate.value} />
      <div class="tool-scroll" role="region" aria-label="Latency, simulated and estimated" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Latency</th>
              {percentilesShown.map((q) => (
                <th key={q} scope="col">
                  p{q}, simulated
                </th>
              ))}
              <th scope="col">mean, simulated</th>
              <th scope="col">mean, estimated</th>
            </tr>
          </thead>
          <tbody>
            {latencies.map(([metric, label]) => (
              <tr key={metric} data-metric={metric}>
                <th scope="row">{label}</th>
                {picture[metric].at.map((value, i) => (
                  <td key={percentilesShown[i]}>{seconds(value)}</td>
                ))}
                <td>{seconds(picture[metric].mean)}</td>
                <td class="lab-muted">{state.estimate.value ? ranged(state.estimate.value[metric]) : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Compared state={state} picture={picture} />
    </div>
  );
}

function Headline({ picture, estimate }: { readonly picture: Picture; readonly estimate: QuickEstimate | null }) {
  const { good } = picture;
  const facts: readonly (readonly [string, string])[] = [
    ["output tokens/s", formatNumber(picture.outputTokensPerSecond)],
    ["requests/s served", formatNumber(picture.requestsPerSecond)],
    ["within the objective", good === undefined ? "none set" : share(good.attainment)],
    ["goodput, requests/s", good === undefined ? "–" : formatNumber(good.requestsPerSecond)],
    ["busy", share(picture.busy)],
    ["preemptions", picture.preemptions.toLocaleString("en-GB")],
    ["prompt tokens from the cache", share(picture.cacheHitRate)],
    ...(picture.failed > 0 ? [["not served", picture.failed.toLocaleString("en-GB")] as const] : []),
  ];
  return (
    <>
      <dl class="playground-facts">
        {facts.map(([name, value]) => (
          <div key={name} data-fact={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="lab-muted" data-part="estimate">
        {estimate === null
          ? "No estimate: a formula needs a rate, users or a trace."
          : `Estimated at once: ${estimate.stable ? "" : "requests come faster than they can be served; "}${
              estimate.capacity
                ? `capacity ${ranged(estimate.capacity, (value) => formatNumber(value))} requests/s; `
                : ""
            }limited by ${estimate.bound}; room for ${formatNumber(estimate.memory.cacheTokens)} tokens of KV cache. It takes ${estimate.takes}.`}
      </p>
    </>
  );
}

const rows: readonly (readonly [name: string, read: (picture: Picture) => number, words: (value: number) => string])[] =
  [
    ...latencies.flatMap(([metric, label]) =>
      [50, 99].map((q) => [`${label} p${q}`, (picture: Picture) => atPercentile(picture[metric], q), seconds] as const),
    ),
    ["Output tokens/s", (picture) => picture.outputTokensPerSecond, formatNumber],
    ["Within the objective", (picture) => picture.good?.attainment ?? NaN, share],
    [
      "Goodput, requests/s",
      (picture) => picture.good?.requestsPerSecond ?? NaN,
      (value) => (Number.isFinite(value) ? formatNumber(value) : "–"),
    ],
    ["Preemptions", (picture) => picture.preemptions, (value) => value.toLocaleString("en-GB")],
  ];

function atPercentile({ at }: Latency, q: number): number {
  return at[percentilesShown.findIndex((each) => each === q)] ?? NaN;
}

function Compared({ state, picture }: { readonly state: PlaygroundState; readonly picture: Picture }) {
  const held = state.held.value;
  const values = state.values.value;
  return (
    <section data-part="compared">
      <p class="tool-ways print:hidden">
        <Button kind="plain" action="hold" unusable={held.length >= mostHeld} onPress={() => state.hold()}>
          Hold this to compare
        </Button>
        <span class="lab-muted">
          {held.length === 0
            ? "Nothing is held. Hold what you see, move a knob, and both stand side by side."
            : held.length >= mostHeld
              ? "Three are held: drop one to hold another."
              : ""}
        </span>
      </p>
      {held.length > 0 && (
        <div class="tool-scroll" role="region" aria-label="Held configurations beside the current one" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Simulated</th>
                <th scope="col">now</th>
                {held.map((_, i) => (
                  <th key={letters[i]} scope="col">
                    {letters[i]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, read, words]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{words(read(picture))}</td>
                  {held.map((each, i) => (
                    <td key={letters[i]}>
                      <Beside now={read(picture)} held={each} read={read} words={words} />
                    </td>
                  ))}
                </tr>
              ))}
              <tr>
                <th scope="row">With</th>
                <td class="lab-muted">these knobs</td>
                {held.map((each, i) => (
                  <td key={letters[i]} class="playground-with" data-held={letters[i]}>
                    {inShort(each.values, values)}
                    <span class="print:hidden">
                      {" "}
                      <Button
                        action={`take-${letters[i]}`}
                        label={`Go back to ${letters[i]}`}
                        onPress={() => state.take(i)}
                      >
                        Go back
                      </Button>
                      <Button action={`drop-${letters[i]}`} label={`Drop ${letters[i]}`} onPress={() => state.drop(i)}>
                        Drop
                      </Button>
                    </span>
                  </td>
                ))}
              </tr>
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface BesideProps {
  readonly now: number;
  readonly held: Held;
  read(picture: Picture): number;
  words(value: number): string;
}

/** A held value, and how many times as large the current one is. */
function Beside({ now, held, read, words }: BesideProps) {
  if (held.picture === null) return <span class="lab-muted">…</span>;
  const value = read(held.picture);
  const ratio = now / value;
  return (
    <>
      {words(value)}
      {Number.isFinite(ratio) && value > 0 && Math.abs(ratio - 1) >= 0.005 && (
        <span class="lab-muted"> · now {formatNumber(ratio, 2)}×</span>
      )}
    </>
  );
}

/** What was simulated, for a status line. */
export function simulatedWords({ simulated, wanted, duration, seed, ended }: Picture): string {
  const of =
    simulated < wanted
      ? `the first ${simulated.toLocaleString("en-GB")} of ${wanted.toLocaleString("en-GB")}`
      : simulated.toLocaleString("en-GB");
  return `Simulated ${of} requests, ${withUnit(duration, "s")} on the server’s clock, seed ${seed}.${ended === undefined ? "" : ` It ended early: ${ended}`}`;
}
