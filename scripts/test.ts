/** Runs every part of a test tier, one after the other, and ends with one line: `N passed, N failed`. */
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

interface Part {
  readonly name: string;
  readonly command: readonly string[];
  /** How to read the counts: a whole-command pass or fail, or a runner's JSON report. */
  readonly report?: "vitest" | "playwright";
  readonly env?: Readonly<Record<string, string>>;
}

interface Count {
  passed: number;
  failed: number;
}

const reportFile = join(".cache", "test-report.json");
const vitest = (name: string, args: readonly string[], env?: Part["env"]): Part => ({
  name,
  command: ["vitest", "run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`],
  report: "vitest",
  env,
});
const browser = (name: string, args: readonly string[], env?: Part["env"]): Part => ({
  name,
  command: ["playwright", "test", ...args, "--reporter=line,json"],
  report: "playwright",
  env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile },
});

const fast: readonly Part[] = [
  { name: "format", command: ["prettier", "--check", "--log-level=warn", "."] },
  { name: "types: engine", command: ["tsc", "-p", "src/engine"] },
  vitest("unit", [
    "--exclude=tests/accuracy/**",
    "--exclude=tests/labs/**",
    "--exclude=tests/server/**",
    "--exclude=tests/build/**",
  ]),
];
const whole: readonly Part[] = [
  fast[0]!,
  { name: "lint", command: ["eslint", "--max-warnings=0", "."] },
  { name: "build: lab pieces", command: ["npm", "run", "--silent", "build:lab"] },
  fast[1]!,
  { name: "types", command: ["astro", "check", "--minimumFailingSeverity=error"] },
  vitest("unit", ["--exclude=tests/accuracy/**", "--exclude=tests/labs/**"]),
  vitest("labs", ["tests/labs"]),
  vitest("accuracy", ["tests/accuracy"]),
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "build at /course/", command: ["npm", "run", "--silent", "build:course"] },
  { name: "byte budgets", command: ["node", "scripts/budgets.ts"] },
  browser("browser", []),
];
const long = { TEST_LONG: "1" };
const extra: readonly Part[] = [
  vitest("labs, all seeds", ["tests/labs"], long),
  vitest("fuzz and soak", ["tests/endpoint/dialects.test.ts", "tests/endpoint/soak.test.ts"], long),
];

const tiers: Readonly<Record<string, readonly Part[]>> = { quick: fast, all: whole, long: [...whole, ...extra] };
const tier = process.argv[2] ?? "all";
const parts = tiers[tier];
if (!parts) throw new Error(`Unknown tier "${tier}"; choose one of ${Object.keys(tiers).join(", ")}.`);

const began = performance.now();
const total: Count = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const part of parts) {
  console.log(`\n── ${part.name} ──`);
  const start = performance.now();
  rmSync(reportFile, { force: true });
  const code = await run(part);
  const count = read(part, code);
  total.passed += count.passed;
  total.failed += count.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lines.push(
    `${count.failed ? "✗" : "✓"} ${part.name.padEnd(26)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(3)} failed ${seconds.padStart(7)} s`,
  );
}
console.log(`\n${lines.join("\n")}`);
console.log(`test.seconds ${((performance.now() - began) / 1000).toFixed(0)}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

function run(part: Part): Promise<number> {
  return new Promise((resolve, reject) => {
    const [command, ...args] = part.command;
    const child = spawn(command!, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...part.env },
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function read(part: Part, code: number): Count {
  if (!part.report) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  let count: Count;
  try {
    const json = JSON.parse(readFileSync(reportFile, "utf8")) as Record<string, number> & {
      stats?: Record<string, number>;
    };
    count =
      part.report === "vitest"
        ? { passed: json.numPassedTests ?? 0, failed: (json.numFailedTests ?? 0) + (json.numPendingTests ?? 0) }
        : {
            passed: json.stats?.expected ?? 0,
            failed: (json.stats?.unexpected ?? 0) + (json.stats?.flaky ?? 0) + (json.stats?.skipped ?? 0),
          };
  } catch {
    return { passed: 0, failed: 1 };
  }
  // A runner that fails without a failed test (a crash, no test found) still fails.
  if (code !== 0 && count.failed === 0) count.failed = 1;
  if (count.passed === 0 && count.failed === 0) count.failed = 1;
  return count;
}
