/** A lab's code and values as a link: compressed into the part after "#", which no server sees. Never a target, never a secret. */
import { sourceHash } from "./hash.ts";
import { packText, unpackText } from "./packed-text.ts";

/** `lab=<version>.<id>.<fingerprint>.<compressed>` */
const version = 1;
const key = "lab=";

export interface Shared {
  readonly lab: string;
  readonly code: string;
  readonly params: Readonly<Record<string, number | string>>;
}

export type Opened =
  | { readonly kind: "none" }
  | { readonly kind: "shared"; readonly shared: Shared }
  | { readonly kind: "problem"; readonly text: string };

/** Characters of code that a link may carry: some mail and chat programs cut longer links. */
const most = 200_000;

/** The part after "#", without it. Throws RangeError for code that no link can carry. */
export async function toHash({ lab, code, params }: Shared): Promise<string> {
  if (code.length > most)
    throw new RangeError(`This code has ${code.length.toLocaleString("en-GB")} characters: too many for a link.`);
  const text = JSON.stringify({ code, params });
  return `${key}${version}.${lab}.${sourceHash(text)}.${await packText(text)}`;
}

/** What a page's hash holds for this lab. Never rejects. */
export async function fromHash(hash: string, lab: string): Promise<Opened> {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith(key)) return { kind: "none" };
  const [made = "", of = "", print = "", packed = ""] = text.slice(key.length).split(".");
  const problem = (said: string): Opened => ({ kind: "problem", text: said });
  if (/^\d+$/.test(made) && Number(made) > version)
    return problem(
      "This link was made with a newer version of the course. Reload the page, or ask for the code itself.",
    );
  if (made !== String(version) || !/^[a-z0-9-]+$/.test(of)) return problem(damaged);
  if (of !== lab) return problem(`This link is for another lab, "${of}", so nothing was opened here.`);
  try {
    const json = await unpackText(packed, 4 * most + 10_000);
    if (sourceHash(json) !== print) return problem(damaged);
    const { code, params } = JSON.parse(json) as Partial<Shared>;
    if (typeof code !== "string" || typeof params !== "object" || params === null) return problem(damaged);
    return { kind: "shared", shared: { lab, code, params } };
  } catch {
    return problem(damaged);
  }
}

const damaged =
  "This link is damaged: a part of it is missing or was changed on the way. Ask for it again, as a file if need be.";
