/** On the page of progress: a file for the teacher of a class, shown in full before it is saved. */
import { useSignal } from "@preact/signals";
import type { Kept } from "../../lab/keep/keep-file.ts";
import { classFileOf, writeClassFile } from "../../lab/progress/class-file.ts";
import { openStorage } from "../../lab/storage.ts";
import type { CoursePart } from "../progress/course.ts";
import { saveFile } from "../save-file.ts";
import "./class.css";

/** Ids of settings. */
const nameSetting = "class-name";
const codeSetting = "class-code";

interface Props {
  readonly parts: readonly CoursePart[];
  readonly kept: Kept;
  /** Address of the page that merges such files. */
  readonly page: string;
}

export function ClassExport({ parts, kept, page }: Props) {
  const name = useSignal<string | null>(null);
  const code = useSignal<string | null>(null);
  const shown = useSignal<string | null>(null);
  const said = useSignal("");
  const setting = (id: string) => {
    const value = kept.settings?.find((each) => each.id === id)?.value;
    return value === undefined ? null : String(value);
  };
  const learner = name.value ?? setting(nameSetting) ?? "";
  const show = () => {
    code.value ??= setting(codeSetting) ?? drawCode();
    const labs = parts.flatMap((part) => part.labs.filter(({ checks }) => checks > 0).map(({ id }) => id));
    const date = new Date().toISOString();
    shown.value = writeClassFile(classFileOf(kept, labs, { learner, code: code.value, date }));
    said.value = "";
  };
  const save = async (text: string) => {
    saveFile(`class-${code.value}.json`, text, "application/json");
    said.value = `Saved as class-${code.value}.json. Hand it in as you like; a newer one replaces it.`;
    const storage = await openStorage();
    await storage.put("settings", { id: codeSetting, value: code.value ?? "" });
    await storage.put("settings", { id: nameSetting, value: learner });
  };
  return (
    <section id="for-a-class">
      <h2>For a class</h2>
      <p>
        If you take this course with others, you can save a file for whoever leads the class: labs begun and passed, how
        often you pressed Check and which checks failed, how often you ran, your predictions beside the answers, lessons
        read and quiz answers. Not in it: your code, and why you predicted what you did. Nothing is sent; you hand the
        file over yourself. Files of many learners come together under <a href={page}>For a class</a>.
      </p>
      <label class="class-name">
        Your name or a code, if the class should know (may stay empty)
        <input
          type="text"
          maxLength={80}
          autocomplete="off"
          value={learner}
          onInput={({ currentTarget }) => {
            name.value = currentTarget.value;
            shown.value = null;
          }}
        />
      </label>
      <p class="progress-acts needs-js">
        <button type="button" data-action="class-show" onClick={show}>
          Show what the file would say
        </button>
        {shown.value !== null && (
          <button type="button" data-action="class-save" onClick={() => void save(shown.value ?? "")}>
            Save this file
          </button>
        )}
      </p>
      {shown.value !== null && (
        <pre class="class-preview" tabIndex={0} role="region" aria-label="What the file says" data-part="class-preview">
          {shown.value}
        </pre>
      )}
      <p role="status">{said.value}</p>
    </section>
  );
}

/** Means nothing, and tells one browser's files from another's. */
function drawCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
