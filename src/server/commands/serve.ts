/** `perflab serve`: the course with its runner, as `npm start` does it. */
import { Command } from "commander";

const EXAMPLES = `
Example:
  $ perflab serve -- --port 8080`;

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the course, the runner and the simulated endpoint on this machine")
    .argument("[options...]", "options of npm start: --port N, --host, --no-build")
    .allowUnknownOption()
    .addHelpText("after", EXAMPLES)
    .action(async (options: string[]) => {
      process.argv.splice(2, Infinity, ...options);
      await import("../start.ts");
    });
}
