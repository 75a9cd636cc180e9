/** Names of pieces of text: equal numbers are equal text, wherever it occurs. */
import { hashWord } from "../random.ts";

/** Content id of text that only one request holds. */
export function ownContent(request: number, part: number): number {
  return hashWord(hashWord(0x51ed270b, request), part);
}

/** Content id of the prefix that a group shares. */
export function groupContent(group: number): number {
  return hashWord(0x3c6ef372, group);
}

/** Content id of text that goes by a name or number. */
export function contentId(id: string | number): number {
  if (typeof id === "number") return hashWord(hashWord(0x1f83d9ab, id >>> 0), Math.floor(id / 4294967296) >>> 0);
  let h = 0x1f83d9ab;
  for (let k = 0; k < id.length; k++) h = hashWord(h, id.charCodeAt(k));
  return h;
}
