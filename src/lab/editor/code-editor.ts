/** What a lab needs of an editor; Monaco and the plain text area both give it. */

/** 1-based line and column. */
export interface CodeMarker {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

export interface EditorSetup {
  readonly lab: string;
  readonly file: string;
  readonly code: string;
  /** Further files that the code may import, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Read out by screen readers. */
  readonly label: string;
  readonly dark: boolean;
  readonly readOnly: boolean;
  readonly fontFamily: string;
  readonly tabMovesFocus: boolean;
  readonly declarations: { readonly perflab: string; readonly globals: string };
  onChange(code: string): void;
  onRun(): void;
  onTabMode(movesFocus: boolean): void;
  onHeight(pixels: number): void;
}

export interface CodeEditor {
  value(): string;
  /** Replaces the text; undo brings back what was there. */
  setValue(code: string): void;
  mark(markers: readonly CodeMarker[]): void;
  /** Type errors the editor sees; they never keep code from running. */
  typeErrors(): Promise<number>;
  setDark(dark: boolean): void;
  focus(): void;
  dispose(): void;
}
