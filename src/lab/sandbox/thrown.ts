/** Whatever code throws, as an error in words. Never throws itself: a run has to end. */
import type { LabError } from "../protocol.ts";
import { inspect, inspectError, isError, textOf } from "./inspect.ts";

const most = { name: 200, message: 4_000, stackLine: 500, stackLines: 40 };

/** `urls`: names of compiled code by the address that stacks give it. */
export function describeThrown(thrown: unknown, urls: ReadonlyMap<string, string>): LabError {
  try {
    if (!isError(thrown)) {
      const text = typeof thrown === "string" ? thrown : `The code threw ${inspect(thrown)}.`;
      return { name: "Thrown", message: cut(text, most.message), stack: "" };
    }
    const name = cut(textOf(thrown, "name") ?? "Error", most.name);
    const text = inspectError(thrown, { text: most.message });
    const prefix = `${textOf(thrown, "name") ?? "Error"}: `;
    const message = text.startsWith(prefix) ? text.slice(prefix.length) : (textOf(thrown, "message") ?? "");
    return { name, message: cut(message, most.message), stack: stackOf(thrown, urls) };
  } catch {
    return { name: "Thrown", message: "The code threw something that cannot be shown.", stack: "" };
  }
}

function stackOf(thrown: object, urls: ReadonlyMap<string, string>): string {
  let stack = cut(textOf(thrown, "stack") ?? "", 200_000);
  for (const [url, name] of urls) stack = stack.replaceAll(url, `lab:${name}`);
  // A message may be long and stands first; what is looked for are the frames.
  const frames = stack.split("\n").filter((line) => line.includes("lab:"));
  return frames
    .slice(0, most.stackLines)
    .map((line) => cut(line, most.stackLine))
    .join("\n");
}

function cut(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
