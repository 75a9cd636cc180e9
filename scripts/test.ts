/** Runs every part of a test tier and ends with one line: `N passed, N failed`. Parts of one thread each run side by side. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";

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
  /** Names of the failed tests, where the runner's report tells them. */
  readonly names: readonly string[];
  /** Names of those that failed, were tried once more, and passed. */
  readonly again?: readonly string[];
}

/** Parts in a row. The lanes of a stage run side by side. */
type Lane = readonly Part[];
type Stage = readonly Lane[];

const reports = join(".cache", "test-reports");
const reportOf = (name: string): string => join(reports, `${name.replaceAll(/\W+/g, "-")}.json`);

const vitest = (name: string, args: readonly string[], env?: Part["env"]): Part => ({
  name,
  command: ["vitest", "run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${reportOf(name)}`],
  report: "vitest",
  env,
});
const command = (name: string, ...command: readonly string[]): Part => ({ name, command });

const format = command("format", "prettier", "--check", "--log-level=warn", ".");
const spelling = command("spelling", "cspell", "lint", "--no-progress", "--no-summary");
const unused = command("unused code", "knip", "--no-config-hints");
const lint = command("lint", "eslint", "--max-warnings=0", ".");
const engineTypes = command("types: engine", "tsc", "-p", "src/engine");
const without = (...folders: string[]): string[] => folders.map((folder) => `--exclude=tests/${folder}/**`);
const unit = (...more: string[]): Part => vitest("unit", [...without("accuracy", "labs"), ...more]);
/** What `npm run build:course` sets. */
const courseBase = { BASE: "/course/", OUT_DIR: "./dist-course" };

const quick: readonly Stage[] = [[[format, engineTypes], [unit(...without("server", "build"))]]];
const whole: readonly Stage[] = [
  [
    [format, spelling, lint, unused],
    [
      command("build: lab pieces", "npm", "run", "--silent", "build:lab"),
      engineTypes,
      command("types", "astro", "check", "--minimumFailingSeverity=error"),
    ],
  ],
  [
    // Half of what most of these take is waiting: a stream's gaps, a run's limit.
    [vitest("labs", ["tests/labs/labs.test.ts", "--maxWorkers=1"])],
    [vitest("labs' kit", ["tests/labs", "--exclude=tests/labs/labs.test.ts", "--maxWorkers=1"])],
    [
      vitest("accuracy", ["tests/accuracy", "--maxWorkers=1"]),
      command("build", "npm", "run", "--silent", "build:site"),
      { ...command("build at /course/", "npm", "run", "--silent", "build:site"), env: courseBase },
      command("byte budgets", "node", "scripts/budgets.ts"),
      unit("--maxWorkers=2"),
    ],
  ],
  [
    [
      {
        name: "browser",
        command: ["playwright", "test", "--reporter=line,json"],
        report: "playwright",
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf("browser") },
      },
    ],
  ],
];
const TEST_LONG = { TEST_LONG: "1" };
const long: readonly Stage[] = [
  ...whole,
  [[vitest("labs, all seeds", ["tests/labs"], TEST_LONG)]],
  [[vitest("fuzz, random servers and soak", ["dialects", "every-version", "splits-and-sessions", "soak"], TEST_LONG)]],
  [
    [
      {
        name: "walk of the whole course",
        command: ["playwright", "test", ".long.spec", "--project=root", "--reporter=line,json"],
        report: "playwright",
        env: { ...TEST_LONG, PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf("walk of the whole course") },
      },
    ],
  ],
];

const tiers: Readonly<Record<string, readonly Stage[]>> = { quick, all: whole, long };
const tier = process.argv[2] ?? "all";
const stages = tiers[tier];
if (!stages) throw new Error(`Unknown tier "${tier}"; choose one of ${Object.keys(tiers).join(", ")}.`);

const began = performance.now();
const total = { passed: 0, failed: 0 };
const lines: string[] = [];
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
for (const stage of stages) {
  await Promise.all(
    stage.map(async (lane) => {
      for (const part of lane) await runPart(part, stage.length > 1);
    }),
  );
}
console.log(`\n${lines.join("\n")}`);
console.log(`test.seconds ${((performance.now() - began) / 1000).toFixed(0)}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

/** `beside`: another lane prints too, so this part's lines are kept until it has ended. */
async function runPart(part: Part, beside: boolean): Promise<void> {
  const title = `\n── ${part.name} ──`;
  if (!beside) console.log(title);
  const start = performance.now();
  const { code, output } = await run(part, beside);
  if (beside) console.log(`${title}\n${output.trimEnd()}`);
  const count = countOf(part, code);
  total.passed += count.passed;
  total.failed += count.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lines.push(
    `${count.failed ? "✗" : "✓"} ${part.name.padEnd(26)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(3)} failed ${seconds.padStart(7)} s`,
    ...count.names.map((name) => `    ✗ ${name}`),
    ...(count.again ?? []).map((name) => `    ~ ${name}: passed only when tried again`),
  );
}

function run(part: Part, keep: boolean): Promise<{ readonly code: number; readonly output: string }> {
  // Every part starts many Node processes: what one compiled, the next one reads.
  const env = { NODE_COMPILE_CACHE: resolve(".cache", "compiled"), ...process.env, ...part.env };
  return new Promise((done, reject) => {
    const [file, ...args] = part.command;
    const child = spawn(file!, args, {
      stdio: keep ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
      env,
    });
    let output = "";
    const add = (text: Buffer): void => void (output += text.toString());
    child.stdout?.on("data", add);
    child.stderr?.on("data", add);
    child.on("error", reject);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

function countOf(part: Part, code: number): Count {
  if (!part.report) return code === 0 ? { passed: 1, failed: 0, names: [] } : { passed: 0, failed: 1, names: [] };
  let count: Count;
  try {
    const report: unknown = JSON.parse(readFileSync(reportOf(part.name), "utf8"));
    count =
      part.report === "vitest" ? vitestCount(report as VitestReport) : playwrightCount(report as PlaywrightReport);
  } catch {
    return { passed: 0, failed: 1, names: ["its report could not be read"] };
  }
  // A runner that fails without a failed test (a crash, no test found) still fails.
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) count.failed = 1;
  return count;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function vitestCount({ numPassedTests, numFailedTests, numPendingTests, testResults }: VitestReport): Count {
  const names = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed")
      .map(({ fullName }) => `${relative(".", name)} › ${fullName}`),
  );
  return { passed: numPassedTests, failed: numFailedTests + numPendingTests, names };
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly { readonly status: string; readonly projectName: string }[];
  }[];
}
interface PlaywrightReport extends PlaywrightSuite {
  readonly stats: Readonly<Record<"expected" | "unexpected" | "flaky" | "skipped", number>>;
}

function playwrightCount({ stats, suites = [] }: PlaywrightReport): Count {
  const namesOf = (suite: PlaywrightSuite, wanted: (status: string) => boolean): string[] => [
    ...(suite.specs ?? []).flatMap(({ title, file, tests }) =>
      tests.filter(({ status }) => wanted(status)).map(({ projectName }) => `[${projectName}] ${file} › ${title}`),
    ),
    ...(suite.suites ?? []).flatMap((inner) => namesOf(inner, wanted)),
  ];
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + stats.skipped,
    names: suites.flatMap((suite) => namesOf(suite, (status) => status !== "expected" && status !== "flaky")),
    again: suites.flatMap((suite) => namesOf(suite, (status) => status === "flaky")),
  };
}
