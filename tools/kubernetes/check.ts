/** Checks the manifests against Kubernetes' own schemas (kubernetes-models, generated from its OpenAPI), and that a broken one is refused. */
import { readFileSync } from "node:fs";
import { Job } from "kubernetes-models/batch/v1/Job";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { parseAllDocuments } from "yaml";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { completions?: unknown };
}

const kinds = { Job, PersistentVolumeClaim } as unknown as Record<string, new (data: Manifest) => { validate(): void }>;

function valid(manifest: Manifest): string | undefined {
  const Kind = kinds[manifest.kind];
  if (!Kind) return `no schema for ${manifest.kind}`;
  try {
    new Kind(manifest).validate();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const name of ["job.yaml", "merge.yaml"])
  for (const document of parseAllDocuments(readFileSync(new URL(name, import.meta.url), "utf8"))) {
    const manifest = document.toJS() as Manifest;
    const wrong = valid(manifest);
    if (wrong !== undefined) process.exitCode = 1;
    process.stdout.write(`${name}: ${manifest.kind} ${manifest.metadata.name} ${wrong ?? "is valid"}\n`);
    if (manifest.kind !== "Job") continue;
    const broken = { ...manifest, spec: { ...manifest.spec, completions: "four" } };
    const found = valid(broken);
    if (found === undefined) process.exitCode = 1;
    process.stdout.write(`${name}: with completions "four" ${found === undefined ? "passed, which it must not" : `is refused: ${found}`}\n`);
  }
