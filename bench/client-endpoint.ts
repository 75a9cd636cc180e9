/** The simulated endpoint in a process of its own, with its emission log: the truth that clients are measured against. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface LogEntry {
  readonly requestId: string;
  readonly first: number;
  readonly chunks: number;
}

export interface BenchEndpoint {
  /** With /v1. */
  readonly url: string;
  pace(ttft: number, itl: number, lockstep: boolean): Promise<void>;
  log(): Promise<{ requests: LogEntry[]; lateness: { p50: number; p99: number } }>;
  /** Emission times of one request, on the machine's monotonic clock. */
  emissions(id: string): Promise<number[]>;
  close(): void;
}

export async function startBenchEndpoint(): Promise<BenchEndpoint> {
  const child = spawn(
    process.execPath,
    [
      "src/server/perflab.js",
      "simulate",
      "--port",
      "0",
      "--ttft",
      "100",
      "--itl",
      "20",
      "--served-model-name",
      "bench",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const url = /http:\/\/\S+\/v1/.exec(text.toString().replace(/\x1b\[[0-9;]*m/g, ""))?.[0];
  if (url === undefined) throw new Error(`the simulated endpoint did not say where it is: ${text.toString()}`);
  const root = url.slice(0, -3);
  const json = async (path: string): Promise<unknown> => (await fetch(root + path)).json();
  return {
    url,
    async pace(ttft, itl, lockstep) {
      const answer = await fetch(`${root}/control`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ fixed: { ttft, itl, lockstep }, clearLog: true }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    log: async () => (await json("/log")) as Awaited<ReturnType<BenchEndpoint["log"]>>,
    emissions: async (id) =>
      ((await json(`/log/${id}`)) as { emissions: [number, number, number][] }).emissions.map(([t]) => t),
    close: () => void child.kill(),
  };
}
