/** What the doctor found, as a list: each finding with what to do about it. */
import type { DoctorReport, Finding } from "../../endpoint/target.ts";
import { make } from "./parts.ts";

const words: Readonly<Record<Finding["severity"], string>> = {
  stops: "Stops a measurement:",
  distorts: "Spoils the figures:",
  note: "Good to know:",
  good: "Fine:",
};

/** Replaces what `host` shows. */
export function showFindings(host: HTMLElement, { findings, usable }: DoctorReport): void {
  host.replaceChildren(
    make("p", "", usable ? "This endpoint can be measured." : "This endpoint can't be measured as it is."),
    make("ul", "lab-findings", ...findings.map(row)),
  );
}

function row({ severity, what, fix, seen }: Finding): HTMLElement {
  const item = make("li", "", make("strong", "", words[severity]), ` ${what}`);
  item.dataset["severity"] = severity;
  if (fix !== "") item.append(make("p", "", fix));
  if (seen !== undefined && seen !== "")
    item.append(make("details", "", make("summary", "", "What was seen"), make("pre", "", seen)));
  return item;
}
