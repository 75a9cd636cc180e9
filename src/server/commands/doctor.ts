/** `perflab doctor`: what is wrong between you and an endpoint, and what to do about it. */
import { Command } from "commander";
import color from "picocolors";
import { runDoctorFromNode } from "../../endpoint/node/doctor-from-node.ts";
import type { Finding } from "../../endpoint/doctor/report.ts";
import { exitCodes } from "./exit-codes.ts";
import { addTargetOptions, keyOf, type TargetFlags } from "./target-options.ts";

const PAINT: Readonly<Record<Finding["severity"], (text: string) => string>> = {
  stops: color.red,
  distorts: color.yellow,
  note: color.cyan,
  good: color.green,
};

const EXAMPLES = `
Example:
  $ perflab doctor --base-url http://127.0.0.1:8000/v1`;

export function doctorCommand(): Command {
  return addTargetOptions(
    new Command("doctor").description("find out what is wrong with an endpoint; sends three small requests"),
  )
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: TargetFlags & { json?: boolean }) => {
      const report = await runDoctorFromNode({
        label: "endpoint",
        baseUrl: flags.baseUrl,
        model: flags.model ?? "",
        api: flags.backend === "openai" ? "completions" : "chat",
        ...keyOf(flags),
        ...(flags.insecure && { insecureTls: true }),
      });
      if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      else {
        process.stdout.write(`server: ${report.server}${report.model === "" ? "" : `, model: ${report.model}`}\n`);
        for (const found of report.findings)
          process.stdout.write(
            `\n${PAINT[found.severity](found.what)}\n  ${found.fix}\n${found.seen === undefined ? "" : color.dim(`  seen: ${found.seen}\n`)}`,
          );
        if (report.models.length > 0 && report.findings.some(({ id }) => id === "model-not-found"))
          process.stdout.write(`\n  it lists: ${report.models.join(", ")}\n`);
      }
      if (!report.usable) process.exitCode = exitCodes.target;
    });
}
