/** Which names a lab's folder may have: the name is its id, and its address. */
import { workspaceId } from "./workspace.ts";

const form = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Names that mean something else where labs lie. */
const taken: Readonly<Record<string, string>> = {
  [workspaceId]: "the free workspace",
  modules: "the list of what a lab may import",
};

/** What is wrong with a lab's id, as a sentence; null if nothing. */
export function problemOfLabId(id: string): string | null {
  if (!form.test(id)) return "A lab’s name is in small letters, with hyphens between words, such as my-lab.";
  return Object.hasOwn(taken, id) ? `No lab can be called ${id}: that is the name of ${taken[id]}.` : null;
}
