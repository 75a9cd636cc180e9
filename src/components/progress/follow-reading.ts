/** On a lesson: keeps where the reader rests, and which sections have been in view at rest. A jump to the end reads nothing on its way. */
import { keepPlace } from "../../lab/progress/place.ts";
import { Reading } from "../../lab/progress/reading.ts";
import { recordId } from "../../lab/progress/tally.ts";
import { openStorage } from "../../lab/storage.ts";

/** Milliseconds without scrolling that count as rest. */
const rest = 1_500;

async function follow(line: HTMLElement, lesson: string, address: string): Promise<void> {
  const box = line.querySelector("input");
  const headings = [...document.querySelectorAll<HTMLElement>("main h2[id]")];
  if (box === null || headings.length === 0) return;
  const storage = await openStorage();
  const reading = await Reading.open(
    storage,
    lesson,
    headings.map(({ id }) => id),
  );
  let asked = 0;
  const showBox = async () => {
    const turn = ++asked;
    const kept = await storage.get("progress", recordId.lesson(lesson));
    if (turn === asked) box.checked = kept?.state === "read";
  };
  storage.changed("progress", () => void showBox());
  await showBox();
  line.hidden = false;
  box.addEventListener("change", () => {
    asked++; // What is being read was kept before this.
    void reading.say(box.checked);
  });

  let timer: ReturnType<typeof setTimeout>;
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void rested(), rest);
  };
  const rested = async () => {
    if (document.visibilityState !== "visible") return;
    const here = placeIn(headings);
    if (here !== null) await keepPlace(storage, { address: `${address}#${here.id}`, title: here.title });
    await reading.saw(inView(headings).map(({ id }) => id));
  };
  addEventListener("scroll", moved, { passive: true });
  moved();
}

/** Sections of which something stands in the window. */
function inView(headings: readonly HTMLElement[]): readonly HTMLElement[] {
  const tops = headings.map((heading) => heading.getBoundingClientRect().top);
  return headings.filter((_, index) => (tops[index] ?? 0) < innerHeight && (tops[index + 1] ?? Infinity) > 0);
}

/** The lab, or else the section, at the reader's eye: 40 % down the window. null above the first section. */
function placeIn(headings: readonly HTMLElement[]): { id: string; title: string } | null {
  const eye = innerHeight * 0.4;
  const section = headings.findLast((heading) => heading.getBoundingClientRect().top <= eye);
  if (section === undefined) return null;
  const lab = [...document.querySelectorAll<HTMLElement>(".lab[id]")].find((each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return top <= eye && bottom > eye;
  });
  if (lab === undefined) return { id: section.id, title: text(section) };
  return { id: lab.id, title: `Lab: ${text(lab.querySelector("h3"))}` };
}

const text = (element: Element | null): string => element?.textContent?.trim() ?? "";

const line = document.querySelector<HTMLElement>("[data-lesson]");
if (line?.dataset.lesson !== undefined && line.dataset.address !== undefined)
  void follow(line, line.dataset.lesson, line.dataset.address);
