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
    req.on("error", reject);
    req.end(o.body);
  });
}

/** The JSON of every `data:` line. */
export function events(text: string): Record<string, any>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, any>);
}
