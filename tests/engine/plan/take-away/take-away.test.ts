/** What is taken away: commands whose options exist, words that a shell reads back, a manifest that has all a server needs. */
import { execFileSync } from "node:child_process";
import { parseAllDocuments } from "yaml";
import { describe, expect, test } from "vitest";
import { gpus } from "../../../../src/engine/catalog/gpu.ts";
import { sglangCommand, versions, vllmCommand } from "../../../../src/engine/plan/take-away/commands.ts";
import { kubernetesManifest } from "../../../../src/engine/plan/take-away/kubernetes.ts";
import { command, option, quoted } from "../../../../src/engine/plan/take-away/shell.ts";
import type { Server } from "../../../../src/engine/server.ts";
import sglang from "../../../fixtures/options/sglang-0.5.23.json" with { type: "json" };
import vllm from "../../../fixtures/options/vllm-0.33.0.json" with { type: "json" };

const plain: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxModelLen: 8192 } };
const servers: readonly Server[] = [
  plain,
  { ...plain, weights: "fp8", kv: "fp8", tensorParallel: 2, pipelineParallel: 2, replicas: 3 },
  { ...plain, weights: "w4a16", scheduler: { ...plain.scheduler, enablePrefixCaching: false } },
  { model: "deepseek-v3", gpu: "h200-sxm-141", dataParallel: 8, expertParallel: 8, scheduler: { maxModelLen: 4096 } },
  { model: "gpt-oss-120b", gpu: "mi300x" },
];

describe("options exist in the version that is named", () => {
  const known = { vllm: new Set(vllm.options), sglang: new Set(sglang.options) };

  test("the lists are of the versions that the commands name", () => {
    expect({ vllm: vllm.version, sglang: sglang.version }).toEqual(versions);
    expect(known.vllm.size).toBeGreaterThan(250);
    expect(known.sglang.size).toBeGreaterThan(400);
  });

  test.each(servers)("server %#", (server) => {
    for (const { name } of vllmCommand(server).options) expect(known.vllm).toContain(name.replace("--no-", "--"));
    for (const { name } of sglangCommand(server).options) expect(known.sglang).toContain(name);
  });
});

test("a replica of data-parallel attention with spread experts, as each engine counts its ranks", () => {
  const { text } = vllmCommand(servers[3]!);
  expect(text).toContain("vllm serve deepseek-ai/DeepSeek-V3 \\\n  --tensor-parallel-size 1");
  expect(text).toContain("--data-parallel-size 8");
  expect(text).toContain("--enable-expert-parallel");
  expect(sglangCommand(servers[3]!).text).toMatch(/--tp-size 8[^]*--attn-dp-size 8[^]*--ep-size 8/);
});

test("weights in another format than the checkpoint's are quantised on loading or have to be found, and the notes say which", () => {
  expect(vllmCommand(servers[1]!).text).toContain("--quantization fp8");
  expect(vllmCommand(servers[2]!).text).toContain("NAME_OF_A_QUANTISED_CHECKPOINT");
  expect(vllmCommand(servers[2]!).notes.join(" ")).toContain("meta-llama/Llama-3.1-8B");
  expect(vllmCommand(servers[1]!).notes.join(" ")).toContain("one of 3 replicas");
});

test("words reach the program as they were, whatever is in them", () => {
  const words = ["plain/Name-1.5", "a b", "it's", '"$HOME" `id`', "$(id)", "a\nb", "\\", "*", "~", "", "é;|&<>#!{}[]"];
  const text = command(
    ["printf", "%s\\0", ...words.slice(0, 5)],
    words.slice(5).map((word) => option("--", word)),
  );
  const read = execFileSync("sh", ["-c", text]).toString().split("\0").slice(0, -1);
  expect(read).toEqual([...words.slice(0, 5), ...words.slice(5).flatMap((word) => ["--", word])]);
  expect(quoted("vllm/serve:1")).toBe("vllm/serve:1");
});

interface Kubernetes {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    selector: { matchLabels?: object };
    ports?: readonly { targetPort: string }[];
    template: {
      metadata: { labels: object };
      spec: { containers: readonly [Container]; volumes: readonly { name: string; emptyDir: { medium?: string } }[] };
    };
  };
}
interface Container {
  image: string;
  command: string[];
  args: string[];
  env: readonly { name: string; value?: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[];
  ports: readonly { name: string; containerPort: number }[];
  resources: { limits: Record<string, number> };
  volumeMounts: readonly { name: string; mountPath: string }[];
  [probe: string]: unknown;
}

describe("the manifest", () => {
  test.each(servers)("of server %# is a Deployment and a Service that belong together", (server) => {
    const documents = parseAllDocuments(kubernetesManifest(server));
    for (const document of documents) expect(document.errors).toEqual([]);
    const [deployment, service] = documents.map((document) => document.toJS() as Kubernetes);
    expect([deployment!.kind, service!.kind]).toEqual(["Deployment", "Service"]);
    expect(deployment!.metadata.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(deployment!.spec.replicas).toBe(server.replicas ?? 1);
    const { metadata, spec } = deployment!.spec.template;
    expect(metadata.labels).toEqual(deployment!.spec.selector.matchLabels);
    expect(service!.spec.selector).toEqual(metadata.labels);
    const [container] = spec.containers;
    const gpus = (server.tensorParallel ?? 1) * (server.pipelineParallel ?? 1) * (server.dataParallel ?? 1);
    const resource = server.gpu === "mi300x" ? "amd.com/gpu" : "nvidia.com/gpu";
    expect(container.resources.limits).toEqual({ [resource]: gpus });
    expect([...container.command, ...container.args].every((word) => typeof word === "string")).toBe(true);
    expect(container.args).toContain("--tensor-parallel-size");
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
      expect(container[probe]).toMatchObject({ httpGet: { path: "/health", port: container.ports[0]!.name } });
    expect(service!.spec.ports![0]!.targetPort).toBe(container.ports[0]!.name);
    expect(container.volumeMounts).toContainEqual({ name: "shm", mountPath: "/dev/shm" });
    expect(spec.volumes.find(({ name }) => name === "shm")!.emptyDir.medium).toBe("Memory");
    for (const variable of container.env) {
      expect(variable.value).toBeUndefined();
      expect(variable.valueFrom.secretKeyRef).toMatchObject({ name: "inference-tokens" });
    }
  });

  test("says that nobody ran it, and for which version it is", () => {
    expect(kubernetesManifest(plain)).toMatch(/^# Not run\. Written for vLLM 0\.33\.0/);
  });

  test("is refused where a Deployment can't be right: two machines, chips without a plugin", () => {
    expect(() => kubernetesManifest({ ...plain, tensorParallel: 8, pipelineParallel: 2 })).toThrow(/at most 8 GPUs/);
    for (const { id } of gpus.filter((gpu) => /^(tpu|apple)/.test(gpu.id)))
      expect(() => kubernetesManifest({ ...plain, gpu: id })).toThrow(/NVIDIA or AMD/);
  });
});
