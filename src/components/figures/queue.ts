/** A queue in front of a server that takes one request at a time: the same arrivals, ever closer together. */
import { fixed, poisson, queueing, simulate } from "../../engine/index.ts";
import { bars, line } from "../../engine/chart/index.ts";
import type { Server } from "../../engine/server.ts";
import { count, number, percent, time } from "../format.ts";
import type { MovingFigure } from "./moving.ts";

interface Options {
  readonly server: Server;
  readonly prompt: number;
  readonly output: number;
  /** Shares of the server's capacity, below 1 but for the last few. */
  readonly utilisations: readonly number[];
  /** The utilisation of the still. */
  readonly still: number;
  readonly seed: number;
  readonly title?: string;
}

/** Requests drawn, and simulated for the mean. */
const DRAWN = 40;
const SIMULATED = 20_000;

/** Frames are named "at-50" for 50 % and so on. Service takes the same time for everybody, so theory has an exact answer (M/D/1). */
export function queue({
  server,
  prompt,
  output,
  utilisations,
  still,
  seed,
  title = "The queue",
}: Options): MovingFigure {
  const alone: Server = { ...server, scheduler: { ...server.scheduler, maxNumSeqs: 1 } };
  const load = (rate: number, requests: number) =>
    simulate(alone, { arrivals: poisson(rate), prompt: fixed(prompt), output: fixed(output), requests, seed });
  const one = load(0.001, 1).requests;
  const service = (one.last[0] ?? 0) - (one.started[0] ?? 0);
  const points = utilisations.map((rho) => {
    const run = load(rho / service, SIMULATED);
    const waits = Array.from(run.explain?.queue ?? []);
    const mean = waits.reduce((a, b) => a + b, 0) / waits.length;
    return { rho, mean, drawn: waits.slice(0, DRAWN) };
  });
  const below = points.filter(({ rho }) => rho < 1);
  const longest = Math.max(...points.flatMap(({ drawn }) => drawn)) + service;
  const theory = below.map(({ rho }) => ({ x: 100 * rho, y: queueing.md1({ rate: rho / service, service }).wait }));
  return {
    title,
    slider: "Utilisation",
    origin: { kind: "simulated", seed },
    still: utilisations.indexOf(still),
    play: 900,
    frames: points.map(({ rho, mean, drawn }) => {
      const stable = rho < 1;
      const name = percent(rho);
      const waited = drawn.filter((wait) => wait > service / 100).length;
      return {
        name: `at-${Math.round(rho * 100)}`,
        at: name,
        says: stable
          ? `At ${name} of capacity ${count(waited)} of these ${count(drawn.length)} requests wait; the mean wait over ${count(SIMULATED)} is ${time(mean)}, beside ${time(service)} of work.`
          : `At ${name} of capacity more comes in than goes out: each request waits longer than the one before, for as long as it lasts.`,
        readings: [
          ["mean wait", stable ? time(mean) : "grows without end"],
          ["by theory", stable ? time(queueing.md1({ rate: rho / service, service }).wait) : "none"],
          ["wait ÷ work", stable ? number(mean / service) : "–"],
        ],
        panels: [
          bars({
            title: `The first ${DRAWN} requests`,
            y: { label: "Time in the server", unit: "s" },
            categories: drawn.map((_, i) => String(i + 1)),
            series: [
              { name: "served", values: drawn.map(() => service) },
              { name: "waiting", values: [...drawn] },
            ],
            stacked: true,
            marks: [{ y: longest, label: `longest at ${percent(Math.max(...utilisations))}` }],
          }),
          line({
            title: "Mean wait",
            x: { label: "Utilisation", unit: "%" },
            y: { label: "Mean wait in the queue", unit: "s" },
            series: [
              { name: "theory (M/D/1)", points: theory },
              { name: "simulated", points: below.map((p) => ({ x: 100 * p.rho, y: p.mean })) },
            ],
            marks: [
              { x: 100 * Math.min(rho, below.at(-1)?.rho ?? 1), label: stable ? name : `${name}: off the chart` },
            ],
          }),
        ],
      };
    }),
  };
}
