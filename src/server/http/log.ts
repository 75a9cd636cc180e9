/** One line a happening, on stderr: what a server refused or could not finish. No query, which may hold a token, and no control characters. */

export type Log = (line: string) => void;

/** Lines in one second; a flood is counted instead of written. */
const MAX_LINES = 20;
const MAX_LENGTH = 300;

/** @param now milliseconds, monotonic */
export function createLog(write: Log = toStderr, now: () => number = () => performance.now()): Log {
  let second = -1;
  let lines = 0;
  let left = 0;
  return (line) => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      if (left > 0) write(`… and ${left} more lines like these`);
      second = current;
      lines = 0;
      left = 0;
    }
    if (lines++ < MAX_LINES) write(plain(line).slice(0, MAX_LENGTH));
    else left++;
  };
}

/** A request as a log may show it. */
export function nameOf(req: { readonly method?: string; readonly url?: string }): string {
  return plain(`${req.method ?? "?"} ${(req.url ?? "").split("?", 1)[0]!.slice(0, 120)}`);
}

function plain(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "\ufffd");
}

function toStderr(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
