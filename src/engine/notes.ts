/** Remarks that are no errors: a call that is right, and probably not meant. Whoever runs the engine says where they are shown. */

type Listener = (note: string) => void;

let listener: Listener | undefined;
/** Each remark is made once. */
let made = new Set<string>();

/** Shows remarks from now on; each is made once. Without a listener there are none. */
export function onNote(show: Listener | undefined): void {
  listener = show;
  made = new Set();
}

/** Makes a remark. */
export function note(text: string): void {
  if (!listener || made.has(text)) return;
  made.add(text);
  listener(text);
}
