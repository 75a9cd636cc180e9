/** The runner's HTTP API under /api/runner/: the page asks, the load thread measures, records stream back as lines of JSON. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { InputError } from "../../engine/errors.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { listModelsFromNode } from "../../endpoint/node/list-models.ts";
import { runLines } from "../../endpoint/run-wire.ts";
import { MeasureError } from "../../endpoint/endpoint-target.ts";
import { HttpError, readJson } from "../http/body.ts";
import { sendJson } from "../http/send.ts";
import { requestTarget } from "../http/target.ts";
import { createLoadThread } from "./load-thread.ts";
import { createTurns } from "./turns.ts";
import { streamAnswer } from "./raw-stream.ts";
import { createKeyring } from "./keyring.ts";
import { cancelBody, checkBody, keyBody, runBody, streamBody, targetOnlyBody } from "./schema.ts";
import { runDoctorFromNode } from "../../endpoint/node/doctor-from-node.ts";

const PREFIX = "/api/runner/";
const MAX_BODY = 16e6;

/** Measurements that may wait for their turn. */
const MAX_WAITING = 8;

export interface RunnerApi {
  /**
   * Answers requests under /api/runner/ and gives true; false for any other path. Whoever mounts it has already checked Host, Origin and token.
   * Keys stay in memory, for the length of a request or until a page that asked to keep one asks to forget it; they are
   * neither logged nor sent back.
   */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export function createRunnerApi(): RunnerApi {
  const turns = createTurns();
  const thread = createLoadThread();
  const keyring = createKeyring();
  const running = new Map<string, AbortController>();

  async function run(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await bodyOf(req, runBody);
    if (running.has(body.id)) throw new HttpError(409, "a run of that id is going on");
    const { ahead } = turns;
    if (ahead > MAX_WAITING)
      throw new HttpError(
        429,
        `${ahead} measurements are going on or waiting already; wait for one to end, or stop it`,
      );
    const stop = new AbortController();
    running.set(body.id, stop);
    res.on("close", () => stop.abort());
    res.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" });
    res.flushHeaders();
    const say = (line: unknown): void => void res.write(`${JSON.stringify(line)}\n`);
    if (ahead > 0) say({ type: "waiting", message: waitingFor(ahead) });
    const giveBack = await turns.take(stop.signal);
    try {
      if (!giveBack) throw new MeasureError("stopped", "The run was stopped before its turn came.");
      const { id, target, options: measureOptions } = body;
      const measured = await thread.run(
        id,
        keyring.unlocked(req, target),
        body.workload as unknown as Workload,
        measureOptions,
        stop.signal,
        (done, of) => say({ type: "progress", done, of }),
      );
      for (const line of runLines(measured))
        if (!res.write(`${line}\n`) && !res.destroyed) await Promise.race([once(res, "drain"), once(res, "close")]);
    } catch (error) {
      say({ type: "error", ...describe(error) });
    } finally {
      giveBack?.();
      running.delete(body.id);
      res.end();
    }
  }

  async function cancel(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { id } = await bodyOf(req, cancelBody);
    const found = running.get(id);
    found?.abort();
    sendJson(res, 200, { cancelled: found !== undefined });
  }

  const targetOf = async (req: IncomingMessage) => keyring.unlocked(req, (await bodyOf(req, targetOnlyBody)).target);

  const routes: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => Promise<void>>> = {
    run,
    cancel,
    key: async (req, res) => {
      keyring.keep(req, await bodyOf(req, keyBody));
      sendJson(res, 200, {});
    },
    models: async (req, res) => sendJson(res, 200, { models: await listModelsFromNode(await targetOf(req)) }),
    doctor: async (req, res) => sendJson(res, 200, await runDoctorFromNode(await targetOf(req))),
    stream: async (req, res) => {
      const body = await bodyOf(req, streamBody);
      await streamAnswer({ ...body, target: keyring.unlocked(req, body.target) }, res);
    },
  };

  return {
    async handle(req, res) {
      const path = requestTarget(req.url)?.pathname ?? "";
      if (!path.startsWith(PREFIX)) return false;
      try {
        const name = path.slice(PREFIX.length);
        const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
        if (!route) throw new HttpError(404, "the runner has no such call");
        if (req.method !== "POST") throw new HttpError(405, "the runner takes POST only");
        await route(req, res);
      } catch (error) {
        if (res.headersSent) res.destroy();
        else sendJson(res, statusOf(error), { error: describe(error) });
      }
      return true;
    },
    async close() {
      for (const stop of running.values()) stop.abort();
      await thread.close();
    },
  };
}

async function bodyOf<T extends z.ZodType>(req: IncomingMessage, schema: T): Promise<z.infer<T>> {
  if (!/^application\/json\b/i.test(req.headers["content-type"] ?? ""))
    throw new HttpError(415, "the body must be application/json");
  return checkBody(schema, await readJson(req, MAX_BODY));
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof InputError) return 400;
  return error instanceof MeasureError ? 502 : 500;
}

function waitingFor(ahead: number): string {
  const runs = ahead === 1 ? "another measurement" : `${ahead} other measurements`;
  return `This runner is busy with ${runs}. Yours begins when that is over, because two at once would spoil each other's times.`;
}

/** Only errors whose words are ours are passed on. */
function describe(error: unknown): { kind: string; message: string } {
  if (error instanceof MeasureError) return { kind: error.kind, message: error.message };
  if (error instanceof InputError || error instanceof HttpError) return { kind: "input", message: error.message };
  return { kind: "internal", message: "The runner failed in a way it did not expect. Please report it." };
}
