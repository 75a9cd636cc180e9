/** Raw HTTP for tests: any Host, any path as it is, and every byte that came back. */
import { request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
  /** Whether the answer ended as its headers said. */
  readonly complete: boolean;
}

export function raw(
  url: string,
  o: { path?: string; method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    let begun = false;
    const req = request(
      {
        hostname,
        port,
        path: o.path ?? pathname + search,
        method: o.method ?? "GET",
        headers: o.headers,
        agent: false,
      },
      (res) => {
        begun = true;
        const parts: Buffer[] = [];
        const done = () => {
          const body = Buffer.concat(parts);
          const { statusCode: status = 0, headers, complete } = res;
          resolve({ status, headers, body, text: body.toString("utf8"), complete });
        };
        res.on("data", (part: Buffer) => parts.push(part));
        res.on("close", done);
        res.on("error", () => {});
      },
    );
    // Once an answer has begun, its own close tells how it ended.
    req.on("error", (error) => begun || reject(error));
    req.end(o.body);
  });
}

export interface StreamEvent {
  readonly id: string;
  readonly choices: readonly { delta: Record<string, string | null>; finish_reason: string | null }[];
  readonly usage?: Record<string, number> | null;
}

/** The JSON of every `data:` line. */
export function events(text: string): StreamEvent[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as StreamEvent);
}
