/** The Kubernetes manifests say what `perflab` understands: as many shards as pods, all at once, none started a second time. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { addBenchOptions, type BenchFlags } from "../../src/server/commands/bench.ts";
import { mergeCommand } from "../../src/server/commands/merge.ts";

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Job {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly backoffLimitPerIndex?: number;
    readonly template: {
      readonly spec: {
        readonly securityContext: { readonly fsGroup: number };
        readonly restartPolicy: string;
        readonly containers: readonly [Container];
        readonly volumes: readonly {
          readonly name: string;
          readonly persistentVolumeClaim: { readonly claimName: string };
        }[];
      };
    };
  };
}

function manifests(name: string): unknown[] {
  const text = readFileSync(new URL(`../../tools/kubernetes/${name}`, import.meta.url), "utf8");
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });
}

describe("job.yaml", () => {
  const [job, claim] = manifests("job.yaml") as [Job, { kind: string; metadata: { name: string }; spec: object }];
  const { spec } = job.spec.template;
  const [container] = spec.containers;

  test("is an Indexed Job whose pods all run at once, each index once", () => {
    expect([job.apiVersion, job.kind, job.spec.completionMode]).toEqual(["batch/v1", "Job", "Indexed"]);
    expect(job.spec.parallelism).toBe(job.spec.completions);
    expect([job.spec.backoffLimitPerIndex, spec.restartPolicy]).toEqual([0, "Never"]);
  });

  test("gives each pod's index to a bench command that exists, of as many shards as there are pods", () => {
    const pods = job.spec.completions!;
    const seen = Array.from({ length: pods }, (_, index) => {
      const environment: Record<string, string> = {
        JOB_COMPLETION_INDEX: String(index),
        START_AT: "2027-01-15T08:00:00Z",
      };
      const args = container.args!.map((arg) =>
        arg.replace(/\$\((\w+)\)/g, (_all, name: string) => environment[name] ?? `no ${name}`),
      );
      const command = addBenchOptions(new Command())
        .exitOverride()
        .configureOutput({ writeErr: () => {} });
      return command.parse(args, { from: "user" }).opts<BenchFlags>();
    });
    expect(seen.map(({ shard }) => shard)).toEqual(seen.map((_, index) => ({ index, of: pods })));
    expect(new Set(seen.map(({ saveResult }) => saveResult)).size).toBe(pods);
    expect(new Set(seen.map(({ startAt }) => startAt))).toEqual(new Set([1_800_000_000]));
    // Kubernetes sets the index itself; the rest must be declared.
    expect(container.env!.map(({ name }) => name)).toContain("START_AT");
  });

  test("runs the image that hosting/README.md builds, whose user may write to the volume, as merge.yaml does", () => {
    const hosting = readFileSync(new URL("../../hosting/README.md", import.meta.url), "utf8");
    const [, name] = /^docker build -t (\S+) \.$/m.exec(hosting)!;
    const [merge] = manifests("merge.yaml") as [Job];
    for (const { spec } of [job.spec.template, merge.spec.template]) {
      expect(spec.containers[0].image).toBe(`${name}:latest`);
      // The user node of Node's own images.
      expect(spec.securityContext).toEqual({ fsGroup: 1000 });
    }
  });

  test("keeps the rows on a volume that is claimed for many writers, and merge.yaml reads them there", () => {
    expect(claim).toMatchObject({ kind: "PersistentVolumeClaim", spec: { accessModes: ["ReadWriteMany"] } });
    const [merge] = manifests("merge.yaml") as [Job];
    for (const { spec } of [job.spec.template, merge.spec.template]) {
      expect(spec.volumes[0]!.persistentVolumeClaim.claimName).toBe(claim.metadata.name);
      expect(spec.containers[0].volumeMounts).toEqual([{ name: spec.volumes[0]!.name, mountPath: "/results" }]);
    }
    const words = merge.spec.template.spec.containers[0].command.at(-1)!.split(" ");
    expect(words.slice(0, 3)).toEqual(["node", "src/server/perflab.js", "merge"]);
    const options = words.filter((word) => word.startsWith("--"));
    expect(mergeCommand().options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
  });
});
