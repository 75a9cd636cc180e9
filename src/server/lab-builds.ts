/** Keeps the compiled labs in step with their files, for `npm run dev`: no page may show a new starter with old checks. */
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";

export interface Built {
  /** Labs of which a file came, went or changed. */
  readonly labs: readonly string[];
  /** What the build said, where it failed. */
  readonly failure: string | null;
  /** The build before this one had failed. */
  readonly healed: boolean;
  /** Labs came or went. */
  readonly other: boolean;
}

export interface LabBuilds {
  /** Resolves once what is built is what the files say, having built if need be. */
  settle(): Promise<void>;
}

/**
 * @param folders what holds labs
 * @param build resolves with null, or with why it failed
 * @param tell hears of every build
 */
export async function createLabBuilds(
  folders: readonly string[],
  build: () => Promise<string | null>,
  tell: (built: Built) => void,
): Promise<LabBuilds> {
  let known = await snapshot(folders);
  let failure: string | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function check(): Promise<void> {
    const seen = await snapshot(folders);
    const labs = differing(known, seen);
    if (labs.length === 0) return;
    const other = String(labsIn(known)) !== String(labsIn(seen));
    const failedBefore = failure !== null;
    failure = await build();
    known = seen;
    tell({ labs, failure, healed: failedBefore && failure === null, other });
    // A file saved meanwhile.
    await check();
  }

  return {
    settle() {
      queue = queue.then(check, check);
      return queue;
    },
  };
}

type Snapshot = ReadonlyMap<string, string>;

async function snapshot(folders: readonly string[]): Promise<Snapshot> {
  const each = await Promise.all(folders.map(statesIn));
  return new Map(each.flatMap((states) => [...states]));
}

async function statesIn(folder: string): Promise<Snapshot> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const states = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      // It may be gone again by now.
      const state = await stat(file).catch(() => null);
      return [relative(folder, file).replaceAll("\\", "/"), state ? `${state.mtimeMs} ${state.size}` : "gone"];
    }),
  );
  return new Map(states.filter(([path]) => path.includes("/")));
}

const labOf = (path: string) => path.split("/", 1)[0]!;
const labsIn = (files: Snapshot) => [...new Set([...files.keys()].map(labOf))].sort();

function differing(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...new Set([...paths].filter((path) => before.get(path) !== after.get(path)).map(labOf))].sort();
}
