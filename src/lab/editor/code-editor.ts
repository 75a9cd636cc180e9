/** What a lab needs of Monaco. */

/** 1-based line and column. */
export interface CodeMarker {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

/** How the text looks. */
export interface EditorLook {
  /** Pixels. */
  readonly fontSize: number;
  readonly wrap: boolean;
}

export interface EditorSetup extends EditorLook {
  readonly lab: string;
  readonly file: string;
  readonly code: string;
  /** Further files that the code may import, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Read out by screen readers. */
  readonly label: string;
  readonly dark: boolean;
  readonly fontFamily: string;
  /** Offsets of the selection in the code. */
  readonly selection: readonly [start: number, end: number];
  /** Pixels that are scrolled away. */
  readonly scroll: { readonly top: number; readonly left: number };
  readonly declarations: { readonly perflab: string; readonly globals: string };
  /** Address of the entry in the reference, by name. */
  readonly reference: Readonly<Record<string, string>>;
  onChange(code: string): void;
  onRun(): void;
  /** The type checker has looked at the code as it stands. Type errors never keep code from running. */
  onTypeErrors(errors: readonly CodeMarker[]): void;
  onHeight(pixels: number): void;
}

export interface CodeEditor {
  value(): string;
  /** Replaces the text; undo brings back what was there. */
  setValue(code: string): void;
  mark(markers: readonly CodeMarker[]): void;
  /** Puts the caret there, in view, and the focus with it. */
  goTo(line: number, column: number): void;
  setLook(look: EditorLook): void;
  setDark(dark: boolean): void;
  focus(): void;
  dispose(): void;
}
