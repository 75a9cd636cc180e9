/** `perflab estimate --list`: what the catalogue holds, as the other options take it. */
import { catalog } from "../../engine/catalog/catalog.ts";
import { textTable } from "./table.ts";

/** Models and GPUs whose id or name contains the text, in any case; all of them for none. */
export function catalogueText(text = ""): string {
  const wanted = text.toLowerCase();
  const matches = ({ id, name }: { id: string; name: string }): boolean =>
    id.includes(wanted) || name.toLowerCase().includes(wanted);
  const models = catalog.models
    .filter(matches)
    .map(({ id, name, parameters }) => [id, name, `${(parameters / 1e9).toPrecision(3)} B`]);
  const gpus = catalog.gpus
    .filter(matches)
    .map(({ id, name, memory, hbmBandwidth }) => [id, name, `${memory / 1e9} GB`, `${hbmBandwidth / 1e9} GB/s`]);
  const parts = [
    ...(models.length > 0 ? [textTable(["--model", "name", "parameters"], models)] : []),
    ...(gpus.length > 0 ? [textTable(["--gpu", "name", "memory", "bandwidth"], gpus)] : []),
  ];
  return parts.length > 0 ? parts.join("\n") : `nothing in the catalogue is called ${JSON.stringify(text)}`;
}
