/** The lab that an author has under way in this browser: one draft, kept in localStorage. */

export interface Draft {
  /** Name of the folder. */
  readonly id: string;
  /** Text by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The lab that new:lab writes. */
export const blankId = "my-lab";
const key = "author-draft";

/** Files in the order in which one writes them; further ones follow by name. */
const order = ["solution.ts", "checks.ts", "starter.ts", "wrong.yaml", "lab.yaml", "answers.yaml"];

export function inOrder(files: Draft["files"]): readonly string[] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.keys(files).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** null where there is none, or what is kept is none. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const { id, files } = JSON.parse(text) as Partial<Draft>;
    if (typeof id !== "string" || typeof files !== "object" || files === null) return null;
    const entries = Object.entries(files).filter(([, content]) => typeof content === "string");
    return entries.length === 0 ? null : { id, files: Object.fromEntries(entries) };
  } catch {
    return null;
  }
}

export function keptDraft(): Draft | null {
  try {
    return readDraft(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Whether the browser keeps it. */
export function keepDraft(draft: Draft): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Where GitHub takes a new file with its text filled in; null where the text is longer than an address may be. */
export function newFileLink(repository: string, { id, files }: Draft, file: string): string | null {
  const query = new URLSearchParams({ filename: `labs/${id}/${file}`, value: files[file] ?? "" });
  const link = `${repository}/new/main?${query}`;
  return link.length > 7_500 ? null : link;
}
