/**
 * Writes the learner's progress into the page, and again after each change: into <PartProgress>, <Continue>, the list of headings, and
 * every element with data-progress-of="lab:<id>". Without JavaScript these stand as the server wrote them.
 */
import { openStorage, type Storage } from "../../lab/storage.ts";
import { placeOf } from "../../lab/progress/place.ts";
import { byId, recordId, tally, tallyWords, type PartItems, type Records } from "../../lab/progress/tally.ts";

async function start(): Promise<void> {
  const storage = await openStorage();
  const show = () => void showAll(storage);
  storage.changed("progress", show);
  // Another tab may have gone on.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && show());
  show();
}

async function showAll(storage: Storage): Promise<void> {
  const records = byId(await storage.all("progress"));
  for (const element of document.querySelectorAll<HTMLElement>("[data-part-items]")) showPart(element, records);
  for (const element of document.querySelectorAll<HTMLElement>("[data-progress-of]"))
    mark(element, records.get(element.dataset.progressOf ?? "")?.state === "passed", "passed");
  showHeadings(records);
  for (const element of document.querySelectorAll<HTMLElement>("[data-continue]")) showContinue(element, records);
}

function showPart(element: HTMLElement, records: Records): void {
  const items = JSON.parse(element.dataset.partItems ?? "") as PartItems;
  const now = tally(items, records);
  const short = element.dataset.short !== undefined;
  element.hidden = !now.begun;
  element.classList.toggle("progress-done", now.done);
  const words = tallyWords(now);
  if (!short) element.textContent = words;
  else {
    const seen = document.createElement("span");
    seen.ariaHidden = "true";
    seen.textContent = now.done ? "✓" : `${now.passed}/${now.labs}`;
    const said = document.createElement("span");
    said.className = "sr-only";
    said.textContent = ` (${words.toLowerCase()})`;
    element.replaceChildren(seen, said);
    element.title = words;
  }
}

function showHeadings(records: Records): void {
  const lesson = document.querySelector<HTMLElement>("[data-lesson]")?.dataset.lesson;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(
    ":is(starlight-toc, mobile-starlight-toc) a[href^='#']",
  )) {
    const slug = decodeURIComponent(link.hash.slice(1));
    if (slug.startsWith("lab-")) mark(link, records.get(recordId.lab(slug.slice(4)))?.state === "passed", "passed");
    else if (lesson !== undefined) mark(link, records.has(recordId.section(lesson, slug)), "read");
  }
}

/** A tick at the end, and its meaning in words. */
function mark(element: HTMLElement, done: boolean, word: string): void {
  const old = element.querySelector(".progress-mark");
  if (!done || old !== null) {
    if (!done) old?.remove();
    return;
  }
  const tick = document.createElement("span");
  tick.className = `progress-mark progress-${word}`;
  tick.title = word;
  const said = document.createElement("span");
  said.className = "sr-only";
  said.textContent = ` (${word})`;
  tick.append(said);
  element.append(tick);
}

function showContinue(element: HTMLElement, records: Records): void {
  const link = element.querySelector("a");
  const where = element.querySelector<HTMLElement>("[data-where]");
  const place = placeOf(records);
  if (link === null || where === null || place === null) return;
  link.href = `${element.dataset.continue}${place.address}`;
  link.textContent = "Continue";
  where.hidden = false;
  where.textContent = place.title;
}

if (typeof document !== "undefined") void start();
