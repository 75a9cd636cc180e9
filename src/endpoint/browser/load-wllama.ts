/** Fetches llama.cpp's WebAssembly from this site, makes the tiny model, and puts one into the other. */
import { Wllama } from "@wllama/wllama/esm/index.js";
import { MeasureError } from "../endpoint-target.ts";
import { tinyModel, tinyModelBytes } from "../tiny-model/tiny-model.ts";

/** The part of the whole loading that the download is, on a fast line; the rest is spent compiling. */
const DOWNLOAD = 0.5;
const MODEL = 0.6;
/** Sequences that decode together, each with a context as long as the model's. */
const SEQUENCES = 4;

/** `bytes`: the size of the file at `url` once unpacked. Throws MeasureError. */
export async function loadWllama(
  url: URL,
  bytes: number,
  tell: (what: string, fraction: number) => void,
): Promise<Wllama> {
  const code = await download(url, (got) => tell("Fetching llama.cpp", DOWNLOAD * Math.min(1, got / bytes)));
  tell("Making the model", DOWNLOAD);
  const model = new Blob([tinyModelBytes(tinyModel) as BlobPart]);
  tell("Starting the engine", MODEL);
  const address = URL.createObjectURL(code);
  try {
    const engine = new Wllama({ default: address }, { suppressNativeLog: true, logger: quiet });
    // Without this, a browser that lacks something would be sent to another host for a slower build.
    engine.setCompat(null);
    await engine.loadModel([model], {
      n_ctx: SEQUENCES * tinyModel.context,
      n_parallel: SEQUENCES,
      n_gpu_layers: 0,
      n_threads: 1,
      kv_unified: true,
      cont_batching: true,
      warmup: true,
    });
    tell("Ready", 1);
    return engine;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MeasureError(
      "no-tab-engine",
      `llama.cpp did not start in this browser (${reason}). Run on the simulated server, or measure an endpoint by URL.`,
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function download(url: URL, tell: (bytes: number) => void): Promise<Blob> {
  const gone = new MeasureError(
    "no-tab-engine",
    "The engine's file could not be fetched. Is the site still being served?",
  );
  const answer = await fetch(url).catch(() => {
    throw gone;
  });
  const reader = answer.ok ? answer.body?.getReader() : undefined;
  if (!reader) throw gone;
  const parts: BlobPart[] = [];
  let got = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw gone;
    });
    if (done) return new Blob(parts, { type: "application/wasm" });
    parts.push(value);
    got += value.byteLength;
    tell(got);
  }
}

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
