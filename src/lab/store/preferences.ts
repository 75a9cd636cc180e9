/** How a learner likes labs to look: one set for all labs, kept on this device. */
import { effect, signal, type Signal } from "@preact/signals-core";
import type { Storage } from "../storage.ts";

export const fontSizes = { least: 11, most: 22 } as const;
export const splits = { least: 25, most: 75 } as const;

export const preferences = {
  /** Width of the code as a percentage of the lab, where code and result stand side by side. */
  split: signal(50),
  /** Pixels. */
  fontSize: signal(14),
  wrap: signal(false),
  /** The last endpoint whose models were listed; never with a key. */
  endpoint: signal(""),
} satisfies Record<string, Signal<number | boolean | string>>;

let watched = false;

/** Brings back what was kept, once a page, and keeps every change from then on. */
export async function restorePreferences(storage: Storage): Promise<void> {
  if (watched) return;
  watched = true;
  for (const [name, preference] of Object.entries(preferences)) {
    const id = `lab-${name}`;
    const kept = await storage.get("settings", id);
    if (kept !== undefined && typeof kept.value === typeof preference.value)
      (preference as Signal<unknown>).value = kept.value;
    let known: unknown = preference.value;
    effect(() => {
      const { value } = preference;
      if (value !== known) void storage.put("settings", { id, value });
      known = value;
    });
  }
}
