/** The tiny model as a file in `.cache`, written on first use. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  TINY_MODEL_NAME,
  TINY_MODEL_REVISION,
  tinyModel,
  tinyModelBytes,
} from "../../endpoint/tiny-model/tiny-model.ts";

/** Where the model file is. */
export function tinyModelFile(folder = resolve(import.meta.dirname, "../../../.cache")): string {
  const file = join(folder, `${TINY_MODEL_NAME}-${TINY_MODEL_REVISION}.gguf`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}.part`;
  writeFileSync(partial, tinyModelBytes(tinyModel));
  renameSync(partial, file);
  return file;
}
