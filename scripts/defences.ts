/**
 * Shows that the tests of attacks and faults can fail: takes each defence out of the code, runs the test that holds it, which must then
 * fail, and puts the defence back. Only without uncommitted changes in the files that it touches.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

interface Defence {
  readonly against: string;
  readonly file: string;
  /** Of the code, and what stands in its place without the defence. */
  readonly from: string;
  readonly to: string;
  readonly tests: string;
  /** Part of the test's name. */
  readonly name: string;
}

const defences: readonly Defence[] = [
  {
    against: "a message forged for another run",
    file: "src/lab/protocol.ts",
    from: "if (parsed.data.run !== run)",
    to: "if (false)",
    tests: "tests/lab/protocol.test.ts",
    name: "another run",
  },
  {
    against: "corrupted entries in the browser's storage",
    file: "src/lab/storage.ts",
    from: "records.filter((record) => isReadable(store, record))",
    to: "records",
    tests: "tests/lab/storage.test.ts",
    name: "entries that no course has written",
  },
  {
    against: "storage that was full and has room again",
    file: "src/lab/storage.ts",
    from: "if (kept) await this.#keepLate();",
    to: "",
    tests: "tests/lab/keep-file.test.ts",
    name: "is kept once there is",
  },
  {
    against: "more requests than a server can answer",
    file: "src/server/http/sturdy-server.ts",
    from: "if (underWay.size >= limits.requests)",
    to: "if (false)",
    tests: "tests/server/overload.test.ts",
    name: "refuses the next",
  },
  {
    against: "an end in the middle of an answer",
    file: "src/server/http/sturdy-server.ts",
    from: "if (underWay.size > 0) await new",
    to: "if (false) await new",
    tests: "tests/server/overload.test.ts",
    name: "draining takes nothing new",
  },
  {
    against: "names that DNS can rebind",
    file: "src/server/access.ts",
    from: "if (host === `127.0.0.1:${rules.port}`) return true;",
    to: "if (host) return true;",
    tests: "tests/server/never-ends.test.ts",
    name: "a foreign Host is refused",
  },
  {
    against: "a disk that is full",
    file: "src/server/commands/keep.ts",
    from: "process.exitCode = exitCodes.failed;",
    to: "throw error;",
    tests: "tests/server/overload.test.ts",
    name: "a disk that is full",
  },
  {
    against: "shards that hold the same requests",
    file: "src/engine/metrics/merge/examine.ts",
    from: "if (before === 0) {",
    to: "if (before >= 0) {",
    tests: "tests/engine/metrics/merge.test.ts",
    name: "shards that hold the same requests",
  },
  {
    against: "addresses in a report that is passed on",
    file: "src/components/doctor/report-text.ts",
    from: "const left = withhold(command, [host]).trim();",
    to: "const left = command.trim();",
    tests: "tests/components/doctor/withheld.test.ts",
    name: "is in no report",
  },
  {
    against: "an engine function that nobody fuzzes",
    file: "tests/engine/fuzz/inner-samples.ts",
    from: '"plan/find-plans.ts findPlans":',
    to: '"plan/find-plans.ts other":',
    tests: "tests/engine/fuzz/covered.test.ts",
    name: "another room takes",
  },
];

const files = [...new Set(defences.map(({ file }) => file))];
if (execFileSync("git", ["status", "--porcelain", "--", ...files], { encoding: "utf8" }) !== "") {
  console.error(
    "Some of the files are changed and not committed; commit them first, since each is changed and put back.",
  );
  process.exit(2);
}

const fails = ({ tests, name }: Defence): boolean =>
  spawnSync("npx", ["vitest", "run", tests, "--maxWorkers=1", "-t", name], { stdio: "ignore" }).status !== 0;

let unnoticed = 0;
for (const defence of defences) {
  const { against, file, from, to, tests } = defence;
  const before = readFileSync(file, "utf8");
  if (!before.includes(from)) throw new Error(`${file} no longer has "${from}"`);
  let noticed = false;
  const putBack = () => writeFileSync(file, before);
  process.once("SIGINT", putBack);
  try {
    const passes = !fails(defence);
    writeFileSync(file, before.replaceAll(from, to));
    noticed = passes && fails(defence);
  } finally {
    putBack();
    process.off("SIGINT", putBack);
  }
  if (!noticed) unnoticed++;
  console.log(
    `${noticed ? "✓" : "✗"} without the defence against ${against}: ${tests} ${noticed ? "fails" : "does not tell"}`,
  );
}
console.log(`${defences.length - unnoticed} passed, ${unnoticed} failed`);
process.exitCode = unnoticed > 0 ? 1 : 0;
