/** What a lab's code has beside ECMAScript 2023 and "perflab". No fetch, no document: there is no network and no page. */
interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  table(value: unknown): void;
  assert(condition: unknown, ...values: unknown[]): void;
  time(label?: string): void;
  timeEnd(label?: string): void;
  count(label?: string): void;
}
declare const console: Console;

declare function setTimeout(handler: () => void, milliseconds?: number): number;
declare function clearTimeout(id: number | undefined): void;
declare function setInterval(handler: () => void, milliseconds?: number): number;
declare function clearInterval(id: number | undefined): void;
declare function queueMicrotask(task: () => void): void;
declare function structuredClone<T>(value: T): T;

declare const performance: {
  /** Milliseconds since the lab's worker started. */
  now(): number;
};

declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
