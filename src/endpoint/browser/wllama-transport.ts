/** Sends the load to llama.cpp in WebAssembly: its chunks become the event stream that llama-server would have written. */
import type { ChatCompletionParams, Wllama } from "@wllama/wllama/esm/index.js";
import type { Exchange, Sink, Transport, WireRequest } from "../../engine/benchmark/transport.ts";

const text = new TextEncoder();

export function wllamaTransport(engine: Wllama): Transport {
  async function carry(request: WireRequest, sink: Sink, signal: AbortSignal): Promise<void> {
    const asked = JSON.parse(request.body) as ChatCompletionParams;
    if (asked.stream !== true) {
      const answer = await engine.createChatCompletion({ ...asked, stream: false, abortSignal: signal });
      const t = seconds();
      sink.headers(200, () => undefined, t);
      sink.chunk(text.encode(JSON.stringify(answer)), t);
      return sink.end(t);
    }
    let begun = false;
    await engine.createChatCompletion({
      ...asked,
      stream: true,
      abortSignal: signal,
      onData(chunk) {
        const t = seconds();
        if (signal.aborted) return;
        if (!begun) sink.headers(200, () => undefined, t);
        begun = true;
        sink.chunk(text.encode(`data: ${JSON.stringify(chunk)}\n\n`), t);
      },
    });
    if (signal.aborted) return;
    const t = seconds();
    if (!begun) sink.headers(200, () => undefined, t);
    sink.chunk(text.encode("data: [DONE]\n\n"), t);
    sink.end(t);
  }

  return {
    name: "llama.cpp in this tab",
    send(request, sink): Exchange {
      const stop = new AbortController();
      carry(request, sink, stop.signal).catch((error: unknown) => {
        if (stop.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        sink.fail({ kind: "error-in-stream", message: `The engine in this tab failed: ${reason}` }, seconds());
      });
      return { abort: () => stop.abort() };
    },
  };
}

function seconds(): number {
  return performance.now() / 1000;
}
