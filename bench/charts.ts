/** How fast large charts are: described, drawn for the first time, and zoomed, each beside the same picture drawn point by point. */
import { chromium as playwright, type Page } from "@playwright/test";
import type { ChartDescription } from "../src/engine/chart/types.ts";
import type { ChartHarness } from "../tests/browser/chart-harness.tsx";
import { open } from "../tests/browser/chart-page.ts";
import { chromium } from "../tests/browser/chromium.ts";
import { median, print, type Row } from "./report.ts";

type Describe = ChartHarness["describeChart"];

interface InPage extends ChartHarness {
  make: (describe: Describe) => ChartDescription;
  naive: (context: CanvasRenderingContext2D, width: number, height: number) => void;
}

interface Times {
  readonly describe: number;
  readonly clone: number;
  readonly paint: number;
  readonly framesPerSecond: number;
  readonly naive: number;
}

interface Case {
  readonly make: InPage["make"];
  /** The same data stroked or filled one by one. */
  readonly naive: InPage["naive"];
}

const cases: Readonly<Record<string, Case>> = {
  line100k: {
    make: (describe) =>
      describe.line({
        title: "Line",
        x: { label: "x" },
        y: { label: "y", unit: "s" },
        series: [
          {
            name: "a",
            points: Array.from({ length: 100_000 }, (_, i) => ({
              x: i,
              y: 2 + Math.sin(i / 900) + ((i * 7919) % 1013) / 4000,
            })),
          },
        ],
      }),
    naive: (context, width, height) => {
      context.beginPath();
      for (let i = 0; i < 100_000; i++)
        context.lineTo(
          (i / 100_000) * width,
          height / 2 + (Math.sin(i / 900) + ((i * 7919) % 1013) / 4000) * (height / 4),
        );
      context.stroke();
    },
  },
  scatter100k: {
    make: (describe) =>
      describe.scatter({
        title: "Scatter",
        x: { label: "x" },
        y: { label: "y", unit: "s" },
        series: [
          {
            name: "a",
            points: Array.from({ length: 100_000 }, (_, i) => ({ x: (i * 31) % 9973, y: (i * 7919) % 1013 })),
          },
        ],
      }),
    naive: (context, width, height) => {
      for (let i = 0; i < 100_000; i++) {
        context.beginPath();
        context.arc((((i * 31) % 9973) / 9973) * width, (((i * 7919) % 1013) / 1013) * height, 2.8, 0, 7);
        context.fill();
      }
    },
  },
  gantt10k: {
    make: (describe) => {
      const n = 10_000;
      const column = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
      const whole = (value: number) => new Uint32Array(n).fill(value);
      const started = column((i) => i / 20);
      const first = column((i) => i / 20 + 0.05 + ((i * 7919) % 100) / 200);
      const last = column((i) => i / 20 + 2 + ((i * 31) % 400) / 100);
      const nothing = new Float64Array(n);
      const run = {
        origin: { kind: "simulated", server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, seed: 1 },
        workload: {},
        versions: {},
        requests: {
          count: n,
          scheduled: started,
          started,
          headers: first,
          firstEvent: first,
          first,
          last,
          closed: last,
          promptTokens: whole(500),
          cachedTokens: whole(0),
          outputTokens: whole(200),
          tokenSource: new Uint8Array(n),
          status: new Uint8Array(n),
          preemptions: new Uint16Array(n),
          replica: new Uint16Array(n),
        },
        explain: {
          queue: column((i) => ((i * 7919) % 100) / 400),
          prefill: nothing,
          interference: nothing,
          preemption: nothing,
          decode: nothing,
          decodeInterference: nothing,
          decodePreemption: nothing,
        },
      } as unknown as Parameters<typeof describe.gantt>[0];
      return describe.gantt(run, { requests: [0, n] });
    },
    naive: (context, width, height) => {
      for (let i = 0; i < 10_000; i++)
        for (let phase = 0; phase < 3; phase++)
          context.fillRect((i / 10_000) * width + phase * 3, (i / 10_000) * height, 3, 1);
    },
  },
  timeline100k: {
    make: (describe) => {
      const n = 100_000;
      const column = (f: (i: number) => number) => Uint32Array.from({ length: n }, (_, i) => f(i));
      const run = {
        origin: { kind: "simulated", server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, seed: 1 },
        requests: { count: 0 },
        timeline: {
          t: Float64Array.from({ length: n }, (_, i) => i * 0.012),
          batch: column((i) => 100 + Math.round(60 * Math.sin(i / 4000)) + (i % 7)),
          tokens: column((i) => (i % 9 === 0 ? 900 : 120)),
          blocks: column((i) => 9000 + Math.round(5000 * Math.sin(i / 9000))),
          waiting: column((i) => Math.max(0, Math.round(40 * Math.sin(i / 3000)))),
          bound: new Uint8Array(n),
          busy: 1,
        },
      } as unknown as Parameters<typeof describe.timeline>[0];
      return describe.timeline(run);
    },
    naive: (context, width, height) => {
      for (let panel = 0; panel < 3; panel++) {
        context.beginPath();
        for (let i = 0; i < 100_000; i++) {
          const y = (panel + 0.5 + 0.4 * Math.sin(i / 4000)) * (height / 3);
          context.lineTo((i / 100_000) * width, y);
          context.lineTo(((i + 1) / 100_000) * width, y);
        }
        context.stroke();
      }
    },
  },
};

const FRAMES = 60;

/** One chart, made and drawn in the page. */
async function timed(page: Page, { make, naive }: Case): Promise<Times> {
  await page.evaluate(`globalThis.make = ${make.toString()}; globalThis.naive = ${naive.toString()}`);
  return page.evaluate(async (frames) => {
    const here = globalThis as unknown as InPage;
    const host = document.querySelector("main")!;
    here.clearCharts();
    const since = async (work: () => unknown): Promise<number> => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    const nextPaint = () => new Promise((resolve) => host.addEventListener("chart-painted", resolve, { once: true }));
    let chart!: ChartDescription;
    const describe = await since(() => (chart = here.make(here.describeChart)));
    const clone = await since(() => structuredClone(chart));
    const paint = await since(() => {
      const painted = nextPaint();
      here.placeChart(chart);
      return painted;
    });
    const stage = host.querySelector<HTMLElement>(".chart-stage")!;
    const { left, top, width, height } = stage.getBoundingClientRect();
    const zooming = await since(async () => {
      for (let i = 0; i < frames; i++) {
        const painted = nextPaint();
        const deltaY = i < frames / 2 ? -60 : 60;
        const at = { clientX: left + width / 2, clientY: top + height / 2 };
        stage.dispatchEvent(new WheelEvent("wheel", { deltaY, ctrlKey: true, cancelable: true, ...at }));
        await painted;
      }
    });
    const canvas = document.createElement("canvas");
    const real = host.querySelector("canvas")!;
    canvas.width = real.width;
    canvas.height = real.height;
    const context = canvas.getContext("2d")!;
    const pointByPoint = await since(() => {
      here.naive(context, canvas.width, canvas.height);
      // Reading a pixel waits until it is drawn.
      context.getImageData(0, 0, 1, 1);
    });
    return { describe, clone, paint, framesPerSecond: (1000 * frames) / zooming, naive: pointByPoint };
  }, FRAMES);
}

const { executablePath, args, env } = await chromium();
const browser = await playwright.launch({
  executablePath,
  args: [...args],
  env: { ...(process.env as Record<string, string>), ...env },
});
const rows: Row[] = [];
try {
  for (const [name, one] of Object.entries(cases)) {
    const times: Times[] = [];
    for (let i = 0; i < 5; i++) {
      const page = await browser.newPage({ viewport: { width: 800, height: 900 } });
      await open(page);
      await page.waitForFunction(() => "placeChart" in globalThis);
      times.push(await timed(page, one));
      await page.close();
    }
    const of = (part: keyof Times) => median(times.map((t) => t[part]));
    const alone = { peer: null, peerValue: null, ratio: null };
    rows.push(
      { id: `chart.${name}.describe.ms`, value: of("describe"), unit: "ms", ...alone },
      { id: `chart.${name}.clone.ms`, value: of("clone"), unit: "ms", ...alone },
      {
        id: `chart.${name}.paint.ms`,
        value: of("paint"),
        unit: "ms",
        peer: "point by point",
        peerValue: of("naive"),
        ratio: of("paint") / of("naive"),
        note: "the chart with its parts, axes and first frame; the peer draws marks alone",
      },
      { id: `chart.${name}.zoom.fps`, value: of("framesPerSecond"), unit: "frames/s", ...alone },
    );
  }
} finally {
  await browser.close();
}
print("charts", rows, process.argv.includes("--json"));
