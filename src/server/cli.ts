/** The `perflab` command: measures endpoints, simulates and estimates servers, compares runs, and serves the course. */
import { Command, CommanderError } from "commander";
import color from "picocolors";
import { InputError } from "../engine/errors.ts";
import { MeasureError } from "../endpoint/endpoint-target.ts";
import { benchCommand } from "./commands/bench.ts";
import { calibrateCommand } from "./commands/calibrate.ts";
import { compareCommand } from "./commands/compare.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { estimateCommand } from "./commands/estimate.ts";
import { exitCodes, UsageError } from "./commands/exit-codes.ts";
import { serveCommand } from "./commands/serve.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { sweepCommand } from "./commands/sweep.ts";

const program = new Command("perflab")
  .description("Measure, simulate and estimate servers of large language models.")
  .showHelpAfterError("(perflab COMMAND --help shows the options and examples)")
  .exitOverride()
  .addHelpText(
    "after",
    `\nExit codes: ${exitCodes.ok} done, ${exitCodes.failed} a regression or a run without one success, ${exitCodes.usage} wrong options, ${exitCodes.target} the target can't be measured, ${exitCodes.stopped} stopped.`,
  );

for (const command of [
  benchCommand(),
  sweepCommand(),
  doctorCommand(),
  compareCommand(),
  simulateCommand(),
  estimateCommand(),
  calibrateCommand(),
  serveCommand(),
]) {
  program.addCommand(command.exitOverride());
}

// A reader that has had enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed),
);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${color.red(message)}\n`);
  if (error instanceof InputError || error instanceof UsageError) return exitCodes.usage;
  return error instanceof MeasureError ? exitCodes.target : exitCodes.failed;
}
