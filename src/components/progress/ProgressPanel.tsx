/** What the learner has passed and predicted, and what this device keeps of it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { byId } from "../../lab/progress/tally.ts";
import { everythingKept, type Kept } from "../../lab/keep/keep-file.ts";
import { openStorage } from "../../lab/storage.ts";
import { ClassExport } from "../class/ClassExport.tsx";
import type { CoursePart } from "./course.ts";
import { Guesses } from "./Guesses.tsx";
import { KeptHere } from "./KeptHere.tsx";
import { PartList } from "./PartList.tsx";
import "./progress.css";

interface Props {
  readonly parts: readonly CoursePart[];
  /** Address of the page that merges the files of a class. */
  readonly classPage: string;
}

export default function ProgressPanel({ parts, classPage }: Props) {
  const kept = useSignal<Kept>({});
  const problem = useSignal<string | null>(null);
  const ready = useSignal(false);
  const load = async () => {
    const storage = await openStorage();
    kept.value = await everythingKept(storage);
    problem.value = storage.problem;
    ready.value = true;
  };
  useEffect(() => {
    void load();
    // Another tab may have gone on.
    const back = () => void (document.visibilityState === "visible" && load());
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, []);
  return (
    <div class="progress-page not-content" data-ready={ready.value ? "" : undefined}>
      <noscript>
        <p>What you have passed is kept in this browser, and shown here by JavaScript.</p>
      </noscript>
      {problem.value !== null && <p role="alert">{problem.value}</p>}
      <PartList parts={parts} records={byId(kept.value.progress ?? [])} />
      <Guesses parts={parts} predictions={kept.value.predictions ?? []} />
      <ClassExport parts={parts} kept={kept.value} page={classPage} />
      <KeptHere kept={kept.value} onChanged={load} />
    </div>
  );
}
