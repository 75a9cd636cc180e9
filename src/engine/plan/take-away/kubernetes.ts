/** A chosen server as a Kubernetes manifest: a Deployment of its replicas and a Service before them. Nobody has run it. */
import { InputError } from "../../errors.ts";
import { resolveServer } from "../../resolve.ts";
import type { ResolvedServer, Server } from "../../server.ts";
import { checkpointOf } from "./checkpoint.ts";
import { PER_MACHINE, versions, vllmOptions } from "./commands.ts";

interface Vendor {
  readonly resource: string;
  readonly image: string;
  readonly note?: string;
}

const nvidia: Vendor = { resource: "nvidia.com/gpu", image: `vllm/vllm-openai:v${versions.vllm}` };
const amd: Vendor = {
  resource: "amd.com/gpu",
  image: "IMAGE_WITH_VLLM_FOR_ROCM",
  note: "Put an image of vLLM for ROCm in place of IMAGE_WITH_VLLM_FOR_ROCM.",
};

/**
 * YAML. Tokens are taken from a Secret and never stand in it. Throws InputError for chips that no device plugin named here serves, and for a replica
 * of more than eight GPUs, which a Deployment can't spread over machines.
 */
export function kubernetesManifest(server: Server): string {
  const resolved = resolveServer(server);
  const vendor = vendorOf(resolved);
  const gpus = resolved.tensorParallel * resolved.pipelineParallel * resolved.dataParallel;
  if (gpus > PER_MACHINE)
    throw new InputError(
      "server",
      gpus,
      `a replica of at most ${PER_MACHINE} GPUs: more are several machines, which one Deployment can’t make a group of`,
    );
  const { name: checkpoint, notes } = checkpointOf(resolved.model, resolved.weights);
  const name = nameOf(resolved);
  const args = [
    checkpoint,
    ...vllmOptions(resolved).flatMap((each) => [each.name, ...(each.value === undefined ? [] : [each.value])]),
  ];
  const told = [
    `Not run. Written for vLLM ${versions.vllm}; read it before you apply it.`,
    ...notes,
    ...(vendor.note === undefined ? [] : [vendor.note]),
    "The tokens come from a Secret, made once with:",
    "  kubectl create secret generic inference-tokens --from-literal=hf-token=… --from-literal=api-key=…",
    `Nodes must have ${resolved.gpu.name}; add a nodeSelector where yours have several kinds of GPU.`,
    "The weights are fetched by every new pod; a PersistentVolumeClaim in place of the emptyDir keeps them.",
  ];
  return `${told.map((line) => `# ${line}`).join("\n")}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ${name} }
spec:
  replicas: ${resolved.replicas}
  strategy:
    # Spare GPUs are rare: an old pod goes before a new one comes.
    type: RollingUpdate
    rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }
  selector:
    matchLabels: { app.kubernetes.io/name: ${name} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
    spec:
      containers:
        - name: vllm
          image: ${text(vendor.image)}
          command: ["vllm", "serve"]
          args:
${args.map((word) => `            - ${text(word)}`).join("\n")}
          env:
            - name: HF_TOKEN
              valueFrom: { secretKeyRef: { name: inference-tokens, key: hf-token } }
            - name: VLLM_API_KEY
              valueFrom: { secretKeyRef: { name: inference-tokens, key: api-key } }
          ports:
            - { name: http, containerPort: 8000 }
          resources:
            limits: { ${vendor.resource}: ${gpus} }
          # Loading weights takes minutes: up to an hour is waited for.
          startupProbe:
            httpGet: { path: /health, port: http }
            periodSeconds: 10
            failureThreshold: 360
          readinessProbe:
            httpGet: { path: /health, port: http }
            periodSeconds: 5
          livenessProbe:
            httpGet: { path: /health, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          volumeMounts:
            - { name: shm, mountPath: /dev/shm }
            - { name: cache, mountPath: /root/.cache/huggingface }
      volumes:
        # The processes of a replica exchange tensors through it; a pod’s 64 MiB are too few.
        - name: shm
          emptyDir: { medium: Memory, sizeLimit: ${gpus > 1 ? 16 : 4}Gi }
        - name: cache
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: ${name} }
spec:
  selector: { app.kubernetes.io/name: ${name} }
  ports:
    - { name: http, port: 80, targetPort: http }
`;
}

function vendorOf({ gpu }: ResolvedServer): Vendor {
  const { architecture = "" } = gpu;
  if (architecture.startsWith("cdna") || architecture.startsWith("rdna")) return amd;
  if (/^(tpu|apple|ascend|arc|mtt)/.test(gpu.id))
    throw new InputError("server.gpu", gpu.id, "one of NVIDIA or AMD: for others there is no manifest here");
  return nvidia;
}

/** As Kubernetes wants names: lower case, digits and dashes, at most 63. */
function nameOf({ model, gpu }: ResolvedServer): string {
  const plain = `${model.id}-${gpu.id}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 50).replace(/^[^a-z]+|-+$/g, "") || "model";
}

/** A YAML string: JSON’s are. */
function text(word: string): string {
  return JSON.stringify(word);
}
