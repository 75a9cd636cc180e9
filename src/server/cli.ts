/** The `perflab` command: measures endpoints, simulates and estimates servers, compares runs, and serves the course. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import color from "picocolors";
import { InputError } from "../engine/errors.ts";
import { MeasureError } from "../endpoint/endpoint-target.ts";
import { aiperfConfigCommand } from "./commands/aiperf-config.ts";
import { benchCommand } from "./commands/bench.ts";
import { calibrateCommand } from "./commands/calibrate.ts";
import { compareCommand } from "./commands/compare.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { estimateCommand } from "./commands/estimate.ts";
import { exitCodes, UsageError } from "./commands/exit-codes.ts";
import { mergeCommand } from "./commands/merge.ts";
import { planCommand } from "./commands/plan.ts";
import { reportCommand } from "./commands/report-file.ts";
import { serveCommand } from "./commands/serve.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { simulateSweepCommand } from "./commands/simulate-sweep.ts";
import { sweepCommand } from "./commands/sweep.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("perflab")
  .version(`perflab ${version}`, "-V, --version")
  .description("Measure, simulate and estimate servers of large language models.")
  .showHelpAfterError("(perflab COMMAND --help shows the options and examples)")
  .exitOverride()
  .addHelpText(
    "after",
    `\nExit codes: ${exitCodes.ok} done, ${exitCodes.failed} a regression, too many failures, or a run without one success, ${exitCodes.usage} wrong options, ${exitCodes.target} the target can't be measured, ${exitCodes.stopped} stopped (143 by SIGTERM, 129 by SIGHUP); what was measured until then is printed and kept.`,
  );

for (const command of [
  benchCommand(),
  sweepCommand(),
  doctorCommand(),
  mergeCommand(),
  compareCommand(),
  reportCommand(),
  simulateCommand(),
  simulateSweepCommand(),
  estimateCommand(),
  planCommand(),
  calibrateCommand(),
  aiperfConfigCommand(),
  serveCommand(),
]) {
  program.addCommand(command.exitOverride());
}

// A reader that has had enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  process.stderr.write(`${color.red(`what was to be printed could not be written: ${error.message}`)}\n`);
  process.exit(exitCodes.failed);
});
// Of a terminal that was closed.
process.stderr.on("error", () => {});

try {
  await program.parseAsync();
} catch (error) {
  const code = explain(error);
  // A stopped command has set its own.
  process.exitCode ??= code;
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${color.red(message)}\n`);
  if (error instanceof InputError || error instanceof UsageError) return exitCodes.usage;
  return error instanceof MeasureError ? exitCodes.target : exitCodes.failed;
}
