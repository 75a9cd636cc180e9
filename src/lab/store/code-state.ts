/** The code of a lab: the learner's own, what it is compared with, what the editor should mark and where it should go. Drafts are kept as it changes. */
import { batch, computed, signal } from "@preact/signals-core";
import { Drafts, type KeptDraft } from "../drafts.ts";
import type { CodeMarker } from "../editor/code-editor.ts";
import type { Place } from "../locate.ts";
import type { LabSetup } from "../setup.ts";
import type { Storage } from "../storage.ts";

export interface Choice {
  readonly label: string;
  act(): void;
}
export interface Notice {
  readonly text: string;
  readonly choices: readonly Choice[];
}

/** What stands beside the learner's code, line by line. */
export interface Comparison {
  readonly kind: "solution" | "draft";
  readonly title: string;
  readonly text: string;
}

export class CodeState {
  readonly starter: string;
  /** The learner's own code. */
  readonly mine = signal("");
  readonly comparison = signal<Comparison | null>(null);
  /** What Run and Check act on: the solution while it is shown, else the learner's own. */
  readonly text = computed(() => {
    const compared = this.comparison.value;
    return compared?.kind === "solution" ? compared.text : this.mine.value;
  });
  readonly notice = signal<Notice | null>(null);
  /** Said beside Reset, once it was pressed. */
  readonly undo = signal<Choice | null>(null);
  /** Errors of the last run, for the editor to mark. */
  readonly marks = signal<readonly CodeMarker[]>([]);
  /** What the editor's type checker sees now. */
  readonly typeErrors = signal<readonly CodeMarker[]>([]);
  /** Where the editor is to put the caret; taken by the editor. */
  readonly goTo = signal<Place | null>(null);
  #drafts: Drafts | null = null;

  constructor({ starter }: LabSetup) {
    this.starter = starter;
    this.mine.value = starter;
  }

  /** The learner typed. */
  type(text: string): void {
    if (text === this.mine.peek()) return;
    batch(() => {
      this.mine.value = text;
      this.undo.value = null;
      this.marks.value = [];
    });
    this.#drafts?.save(text);
  }

  /** Another text takes the place of the learner's, who can take it back. */
  replace(text: string, said: string): void {
    const before = this.mine.peek();
    this.type(text);
    if (before === text) return;
    this.undo.value = {
      label: said,
      act: () => this.type(before),
    };
  }

  /** Another's text takes the place of the learner's, which is set aside first. */
  async openCopy(text: string): Promise<void> {
    const own = this.mine.peek();
    if (own !== this.starter && own !== text) await this.#drafts?.setAside(own);
    this.type(text);
  }

  reset(): void {
    this.close();
    this.notice.value = null;
    this.replace(this.starter, "The starter is back.");
  }

  compare(comparison: Comparison): void {
    this.comparison.value = comparison;
  }

  /** Back to the learner's own code. */
  close(): void {
    this.comparison.value = null;
  }

  /** Brings back the draft; what it says then stands above the code. Returns once it has been looked for. */
  async restore(storage: Storage, setup: LabSetup): Promise<void> {
    const drafts = new Drafts(storage, setup.id, setup.starterHash, (other) => this.#elsewhere(other));
    this.#drafts = drafts;
    // Typed before the storage had answered: that is newer than any draft.
    const typed = this.mine.peek() !== this.starter;
    const kept = await drafts.restore();
    if (typed) drafts.save(this.mine.peek());
    else if (kept !== null && kept.draft.code !== this.starter) this.#offer(kept);
    if (this.notice.peek() === null && storage.problem !== null) this.say(storage.problem);
  }

  say(text: string, choices: readonly Choice[] = []): void {
    this.notice.value = { text, choices };
  }

  dispose(): void {
    this.#drafts?.dispose();
  }

  #offer({ draft, outdated, others }: KeptDraft): void {
    const { code } = draft;
    if (outdated) {
      this.say(`The starter has changed since your draft of ${timeWords(draft.date)}.`, [
        { label: "Compare", act: () => this.compare({ kind: "draft", title: "Your old draft", text: code }) },
        { label: "Bring it back", act: () => this.#take(code, "Your old draft is back.") },
      ]);
      return;
    }
    this.mine.value = code;
    this.say(`Restored your draft from ${timeWords(draft.date)}.`, [
      {
        label: "Discard",
        act: () => {
          this.notice.value = null;
          this.replace(this.starter, "The draft is discarded.");
        },
      },
      ...others.map((other) => this.#otherText(other.code, `Another text, from ${timeWords(other.date)}`)),
    ]);
  }

  /** The same lab was changed in another tab. Neither text is lost: each tab keeps its own. */
  #elsewhere({ code, date }: { code: string; date: string }): void {
    if (code === this.mine.peek()) return;
    this.say(
      `This lab is open in another tab too, and was changed there at ${timeWords(date)}. Both texts are kept; this one is yours here.`,
      [this.#otherText(code, "Compare with the other")],
    );
  }

  #otherText(code: string, label: string): Choice {
    return { label, act: () => this.compare({ kind: "draft", title: "The other text", text: code }) };
  }

  /** Takes over the text that is being compared with. */
  takeCompared(): void {
    const compared = this.comparison.peek();
    if (compared === null) return;
    this.close();
    this.notice.value = null;
    this.#take(compared.text, compared.kind === "solution" ? "The solution is in your editor." : "It is taken over.");
  }

  #take(code: string, said: string): void {
    this.notice.value = null;
    this.replace(code, said);
  }
}

/** "14:02" for today, else with its day. */
function timeWords(date: string): string {
  const when = new Date(date);
  const today = when.toDateString() === new Date().toDateString();
  return when.toLocaleString("en-GB", today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}
