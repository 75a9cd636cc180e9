/** The part of cli-progress 3.12 that we use; the package ships no types. */
declare module "cli-progress" {
  export interface Options {
    format?: string;
    stream?: NodeJS.WritableStream;
    noTTYOutput?: boolean;
    hideCursor?: boolean;
  }
  export class SingleBar {
    constructor(options: Options, preset?: object);
    start(total: number, startValue: number): void;
    update(current: number): void;
    stop(): void;
  }
  export const Presets: { readonly shades_classic: object };
  const cliProgress: { readonly SingleBar: typeof SingleBar; readonly Presets: typeof Presets };
  export default cliProgress;
}
