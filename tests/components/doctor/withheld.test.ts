/** What a doctor's report and link leave out of what was pasted, and that what is left is read as the whole was. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { exampleCommand, exampleMetrics } from "../../../src/components/doctor/examples.ts";
import { reportJson, reportText } from "../../../src/components/doctor/report-text.ts";
import { readMetrics } from "../../../src/endpoint/doctor/read-metrics.ts";
import { readStart } from "../../../src/endpoint/doctor/read-start.ts";
import { withhold } from "../../../src/endpoint/doctor/withhold.ts";

/** The report on a pasted command, and on an endpoint that answered with `seen`, as both of its forms. */
const reported = (command: string, seen = "", host = ""): string => {
  const finding = { id: "unreachable", severity: "stops", what: "w", fix: "f", seen } as const;
  const endpoint = { server: "vllm", model: seen, models: [seen], findings: [finding], usable: false } as const;
  const examined = { endpoint, host, start: readStart(command), command, metrics: null };
  return reportText(examined) + JSON.stringify(reportJson(examined));
};

const letters = (least: number) =>
  fc
    .string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"), minLength: least, maxLength: 12 })
    .map((text) => `zq${text}`);
const octets = fc.tuple(fc.integer({ min: 1, max: 126 }), fc.nat(255), fc.nat(255), fc.nat(255));
const hex = fc.integer({ min: 0x1000, max: 0xffff }).map((n) => n.toString(16));
const ipv6 = fc.array(hex, { minLength: 2, maxLength: 6 }).map((groups) => `fe80::${groups.join(":")}`);
const ending = fc.constantFrom("corp.example", "internal", "svc.cluster.local", "example.com", "lan");
const port = fc.integer({ min: 1024, max: 65_535 });

/** By kind: something private, and texts in which people paste it. */
const kinds: Readonly<
  Record<string, readonly [fc.Arbitrary<string>, (it: string, port: number) => readonly string[]]>
> = {
  "an IPv4 address": [
    octets.map((numbers) => numbers.join(".")),
    (ip, port) => [
      `vllm serve m --host ${ip} --port ${port}`,
      `vllm serve m --host=${ip}`,
      `OLLAMA_HOST=${ip}:${port} ollama serve`,
      `docker run -p ${ip}:${port}:8000 vllm/vllm-openai --model m`,
      `connect ECONNREFUSED ${ip}:${port}`,
      `INFO:     ${ip}:${port} - "POST /v1/completions HTTP/1.1" 200 OK`,
      `curl http://${ip}:${port}/v1/models`,
      `vllm:num_requests_running{instance="${ip}:${port}"} 1`,
      `{"client":"${ip}"}`,
    ],
  ],
  "an IPv6 address": [
    ipv6,
    (ip, port) => [`vllm serve m --host ${ip}`, `connect ECONNREFUSED ${ip}:${port}`, `http://[${ip}]:${port}/v1`],
  ],
  "a machine's name": [
    letters(3),
    (host, port) => [
      `vllm serve m --host ${host}`,
      `vllm serve m --host=${host} --port ${port}`,
      `OLLAMA_HOST=${host}:${port} ollama serve`,
      `python -m sglang.launch_server --model-path m --dist-init-addr ${host}:${port}`,
      `MASTER_ADDR=${host} vllm serve m`,
      `docker run --hostname ${host} --add-host ${host}:${port} vllm/vllm-openai --model m`,
      `getaddrinfo ENOTFOUND ${host}`,
      `http://${host}:${port}/v1`,
      `http://${host}/v1`,
      `{"host": "${host}", "port": ${port}}`,
      `{"upstream":"${host}:${port}"}`,
      `vllm:num_requests_running{instance="${host}:${port}",pod="${host}"} 1`,
      `ssh alice@${host}`,
    ],
  ],
  "a name with its domain": [
    fc.tuple(letters(2), ending).map((parts) => parts.join(".")),
    (host, port) => [
      `vllm serve m --host ${host}`,
      `https://${host}/v1`,
      `https://llm.${host}:${port}/v1?x=1`,
      `Could not resolve ${host}`,
      `docker run ${host}/team/vllm-openai:v1 --model m`,
      `docker run ${host}:${port}/team/vllm-openai:v1 --model m`,
      `certificate is valid for ${host}, not for you`,
    ],
  ],
  "what an address holds beside the host": [
    letters(3),
    (part, port) => [
      `https://llm.example.com/${part}/v1`,
      `https://llm.example.com:${port}/v1?deployment=${part}`,
      `http://${part}:pw@llm.example.com/v1`,
      `http://u:${part}@127.0.0.1:${port}/v1`,
      `http://127.0.0.1:${port}/v1?code=${part}`,
    ],
  ],
  "a key": [
    letters(8),
    (key) => [
      `vllm serve m --api-key ${key}`,
      `vllm serve m --api-key=${key}`,
      `vllm serve m --api-key "${key}"`,
      `VLLM_API_KEY='${key}' vllm serve m`,
      `docker run -e HF_TOKEN=${key} vllm/vllm-openai --model m`,
      `vllm serve m --hf-token hf_${key}`,
      `curl -H 'Authorization: Bearer ${key}'`,
      `curl -H 'Authorization: Basic ${key}='`,
      `curl -H 'x-api-key: ${key}'`,
      `{"api_key": "${key}"}`,
      `api_key: ${key}`,
      `Incorrect API key provided: sk-${key}.`,
      `--password ${key}`,
      `AWS_SECRET_ACCESS_KEY=${key} vllm serve m`,
    ],
  ],
  "a path": [
    letters(3),
    (part) => [
      `vllm serve /home/${part}/models/llama`,
      `vllm serve /data/models/${part}`,
      `vllm serve m --download-dir=/mnt/${part}/hf`,
      `vllm serve ~/${part}/llama`,
      `llama-server -m ./${part}/x.gguf`,
      `llama-server -m C:\\Users\\${part}\\x.gguf`,
      `docker run -v /srv/${part}:/models/llama vllm/vllm-openai --model m`,
      `File "/opt/${part}/server.py", line 3`,
      `file:///home/${part}/llama`,
      `model_name="/scratch/${part}/llama"`,
    ],
  ],
  "a person": [letters(3), (name) => [`ssh ${name}@127.0.0.1`, `by ${name}@example.com`]],
};

describe.each(Object.entries(kinds))("%s", (_, [secret, texts]) => {
  it("is in no report and no link, wherever it was pasted", () => {
    fc.assert(
      fc.property(secret, port, fc.nat(), (it, port, which) => {
        const all = texts(it, port);
        const text = all[which % all.length]!;
        expect(withhold(text)).not.toContain(it);
        expect(reported(text), text).not.toContain(it);
        expect(reported("vllm serve m", text), text).not.toContain(it);
        expect(withhold(withhold(text))).toBe(withhold(text));
      }),
      { numRuns: 100, examples: texts("zq7", 8000).map((_, which) => [firstOf(secret), 8000, which]) },
    );
  });
});

function firstOf(secret: fc.Arbitrary<string>): string {
  return fc.sample(secret, { numRuns: 1, seed: 1 })[0]!;
}

test("the host that was asked is in no report, whatever it looks like", () => {
  expect(reported("vllm serve m", "spoke to my-own-box and heard nothing", "my-own-box")).not.toContain("my-own-box");
});

test.each([
  ...[exampleCommand, "vllm serve m", "vllm serve m --host 127.0.0.1", "vllm serve m --host 10.0.0.4 --port 9000"],
  ...["OLLAMA_HOST=0.0.0.0:11500 ollama serve", "OLLAMA_HOST=10.0.0.4:11500 ollama serve"],
  ...["llama-server -m /home/me/x.gguf -np 4", "docker run ghcr.io/ggml-org/llama.cpp:server -m /models/x.gguf"],
  "docker run --network host -v /home/me/hf:/root/.cache vllm/vllm-openai --model /root/.cache/m --max-num-seqs 8",
  "docker run -p 10.0.0.5:8001:8000 vllm/vllm-openai --model m --max-num-batched-tokens 512 --max-model-len 4096",
  `vllm serve m --allowed-origins '["https://a.example"]' --root-path /llm --speculative-config '{"method": "ngram"}'`,
])("the findings on what is left are those on the whole: %s", (command) => {
  const [whole, left] = [readStart(command), readStart(withhold(command))];
  expect([left.server, left.baseUrl, left.findings.map(({ id }) => id)]).toEqual([
    whole.server,
    whole.baseUrl,
    whole.findings.map(({ id }) => id),
  ]);
});

test("a metrics page, a log's times, versions, options and counts of tokens are left as they are", () => {
  expect(readMetrics(withhold(exampleMetrics))).toEqual(readMetrics(exampleMetrics));
  for (const text of [
    exampleMetrics,
    "vllm serve Qwen/Qwen3-8B --max-num-batched-tokens 512 --gpu-memory-utilization 0.9",
    "vLLM 0.12.0, INFO 11-28 10:11:12 [api_server.py:123] max_tokens: 512",
    "GET /v1/models: 503 at http://127.0.0.1:8000/v1",
    "64 token events came in one read",
  ])
    expect(withhold(text)).toBe(text);
});

test("any text at all is taken, in time that grows with its length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const left = withhold(text);
      expect(withhold(left).length).toBeLessThanOrEqual(Math.max(left.length, 1) * 4);
    }),
    { numRuns: 100 },
  );
  for (const piece of ["a.", "a:", "--host ", "/a", "api_key=", "http://", "1.", "::", "@", "-"])
    expect(withhold(piece.repeat(20_000)).length).toBeGreaterThan(0);
});
