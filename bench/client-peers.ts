/** The simplest honest loops over node:http, undici and fetch: split at blank lines, JSON.parse every event, stamp the first that bears text. */
import http from "node:http";
import { Agent, request as undiciRequest } from "undici";
import { monotonic } from "../src/endpoint/node/node-clock.ts";

/** What one stream gave: when its first token was read, and how many events bore text. */
export interface Heard {
  first: number;
  chunks: number;
}

export interface Peer {
  readonly name: string;
  stream(url: string, id: string, body: string): Promise<Heard>;
  close(): Promise<void> | void;
}

class PlainReader {
  readonly heard: Heard = { first: NaN, chunks: 0 };
  readonly #decoder = new TextDecoder();
  #rest = "";

  push(bytes: Uint8Array): void {
    const t = monotonic();
    const events = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n\n");
    this.#rest = events.pop() ?? "";
    for (const event of events) {
      if (event === "data: [DONE]") continue;
      const content = (JSON.parse(event.slice(6)) as { choices: { delta?: { content?: string } }[] }).choices[0]?.delta
        ?.content;
      if (!content) continue;
      if (this.heard.chunks++ === 0) this.heard.first = t;
    }
  }
}

const headersOf = (id: string): Record<string, string> => ({ "content-type": "application/json", "x-request-id": id });

export function bareHttp(): Peer {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  return {
    name: "node:http",
    stream: (url, id, body) =>
      new Promise((resolve, reject) => {
        const reader = new PlainReader();
        const request = http.request(
          url,
          { method: "POST", agent, headers: { ...headersOf(id), "content-length": Buffer.byteLength(body) } },
          (response) => {
            response.on("data", (bytes: Buffer) => reader.push(bytes));
            response.on("end", () => resolve(reader.heard));
            response.on("error", reject);
          },
        );
        request.on("error", reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

export function undici(): Peer {
  const dispatcher = new Agent({ connections: null, pipelining: 1 });
  return {
    name: "undici",
    async stream(url, id, body) {
      const reader = new PlainReader();
      const { body: answer } = await undiciRequest(url, { method: "POST", dispatcher, headers: headersOf(id), body });
      for await (const bytes of answer) reader.push(bytes as Uint8Array);
      return reader.heard;
    },
    close: () => dispatcher.close(),
  };
}

export function globalFetch(): Peer {
  return {
    name: "fetch",
    async stream(url, id, body) {
      const reader = new PlainReader();
      const answer = await fetch(url, { method: "POST", headers: headersOf(id), body });
      const parts = answer.body!.getReader();
      for (;;) {
        const { done, value } = await parts.read();
        if (done) return reader.heard;
        reader.push(value);
      }
    },
    close: () => {},
  };
}
