/** `npm run bench:endpoint`: how late the simulated endpoint's tokens leave, by its own log, while bare sockets drain hundreds of streams. */
import { connect } from "node:net";
import { startSimulatedThread } from "../src/server/simulated/thread.ts";

interface Load {
  readonly streams: number;
  /** Tokens a second a stream. */
  readonly rate: number;
  readonly lockstep: boolean;
}

interface Lateness {
  readonly chunks: number;
  readonly late: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const SECONDS = 5;
const TTFT = 0.2;
const LOADS: readonly Load[] = [
  { streams: 64, rate: 20, lockstep: false },
  { streams: 512, rate: 20, lockstep: false },
  { streams: 512, rate: 20, lockstep: true },
  { streams: 1000, rate: 10, lockstep: false },
  { streams: 1000, rate: 10, lockstep: true },
];

const rows: object[] = [];
for (const load of LOADS) {
  const { lateness, cpu } = await run(load);
  if (lateness.chunks !== load.streams * tokensOf(load)) throw new Error("the log does not hold every token");
  const id = `${load.streams} streams × ${load.rate} tok/s, ${load.lockstep ? "lockstep" : "staggered"}`;
  const row = (what: string, value: number, unit: string) =>
    rows.push({ id: `${id}: ${what}`, value, unit, peer: null, peerValue: null, ratio: null });
  row("lateness p50", lateness.p50 * 1000, "ms");
  row("lateness p99", lateness.p99 * 1000, "ms");
  row("lateness max", lateness.max * 1000, "ms");
  row("CPU a chunk, both ends", cpu * 1e6, "µs");
  process.stderr.write(
    `${id}: late by ${ms(lateness.p50)} (p50), ${ms(lateness.p99)} (p99), ${ms(lateness.max)} (most); ` +
      `${lateness.late} of ${lateness.chunks} by over 5 ms; ${(cpu * 1e6).toFixed(0)} µs of CPU a chunk, both ends\n`,
  );
}
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ bench: "endpoint", rows })}\n`);
process.exit(0);

function tokensOf({ rate }: Load): number {
  return rate * SECONDS;
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}

async function run(load: Load): Promise<{ lateness: Lateness; cpu: number }> {
  const { streams, rate, lockstep } = load;
  const endpoint = await startSimulatedThread({ fixed: { ttft: TTFT, itl: 1 / rate, lockstep }, model: "m" });
  try {
    await drain(endpoint.port, 50);
    await (await fetch(`${endpoint.url}/control`, { method: "POST", body: '{"clearLog":true}' })).text();
    const before = process.cpuUsage();
    // Over one second, so that neither the phases nor the connections' arrivals coincide.
    await Promise.all(
      Array.from({ length: streams }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, (1000 * i) / streams));
        await drain(endpoint.port, tokensOf(load));
      }),
    );
    const { user, system } = process.cpuUsage(before);
    const { lateness } = (await (await fetch(`${endpoint.url}/control`)).json()) as { lateness: Lateness };
    return { lateness, cpu: (user + system) / 1e6 / (streams * tokensOf(load)) };
  } finally {
    await endpoint.close();
  }
}

/** One request whose answer is thrown away unread. */
function drain(port: number, tokens: number): Promise<void> {
  const body = JSON.stringify({
    messages: [{ role: "user", content: "go" }],
    stream: true,
    ignore_eos: true,
    max_tokens: tokens,
  });
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n` +
          `connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    socket.resume();
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
}
