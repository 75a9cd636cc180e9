/** How far a measurement is: a bar on a terminal, else a line now and then. On stderr, so that stdout holds the result alone. */
import cliProgress from "cli-progress";

/** Seconds between lines where there is no terminal. */
const LINE_EVERY = 10;

export interface Progress {
  update(done: number, of: number): void;
  stop(): void;
}

/** `what` is counted: "requests". */
export function createProgress(what = "requests"): Progress {
  return process.stderr.isTTY ? bar(what) : lines(LINE_EVERY, undefined, what);
}

function bar(what: string): Progress {
  const shown = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      noTTYOutput: false,
      hideCursor: true,
      format: ` {bar} {value}/{total} ${what}, {eta_formatted} left`,
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    update(done, of) {
      if (started) shown.update(done);
      else shown.start(of, done);
      started = true;
    },
    stop: () => shown.stop(),
  };
}

/** @param every seconds */
export function lines(
  every = LINE_EVERY,
  write = (line: string) => void process.stderr.write(line),
  what = "requests",
): Progress {
  const began = performance.now();
  let done = 0;
  let total: number | undefined;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    write(total === undefined ? `warming up, ${seconds} s\n` : `${done}/${total} ${what}, ${seconds} s\n`);
  }, every * 1000);
  timer.unref();
  return {
    update(settled, of) {
      done = settled;
      total = of;
    },
    stop: () => clearInterval(timer),
  };
}
