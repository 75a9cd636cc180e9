/** The records that `npm run fit` and `npm run accuracy` wrote, as the page reads them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import peerFile from "../../../tests/accuracy/peer.json" with { type: "json" };
import recordFile from "../../../tests/accuracy/record.json" with { type: "json" };
import twinFile from "../../../tests/accuracy/twin.json" with { type: "json" };
import { generatedPieces } from "../../lab/generated.ts";
import type { Tables, Validated } from "./goals.ts";
import { unpackMeasurements, type MeasurementFile } from "./measurements.ts";
import type { ReplayFile } from "./replays.ts";

export const record = recordFile as unknown as Validated & {
  readonly inSample: Tables;
  readonly rows: {
    readonly read: number;
    readonly unstated: number;
    readonly refused: number;
    readonly fitted: number;
  };
};
export const peer = peerFile;
export const twin = twinFile;

const piece = (name: "measurements" | "replays"): unknown =>
  JSON.parse(readFileSync(join(process.cwd(), "public", "generated", generatedPieces().accuracy[name]), "utf8"));

export const measurements = unpackMeasurements(piece("measurements") as MeasurementFile);
export const replays = piece("replays") as ReplayFile;
/** Under generated/. */
export const measurementsFile = generatedPieces().accuracy.measurements;
