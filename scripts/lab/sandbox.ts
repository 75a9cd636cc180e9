/** Builds the sandbox document: one HTML file with its own policy, its script, and as inert text the worker (engine and lab runtime) and its guard. */
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { emit, root, type Outputs } from "./output.ts";

export async function buildSandbox(): Promise<Outputs> {
  const [frame = "", worker = "", guard = ""] = await Promise.all(
    ["frame", "worker", "guard"].map((name) => bundle(`src/lab/sandbox/${name}.ts`)),
  );
  const hash = createHash("sha256").update(frame).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob:`,
    "worker-src blob:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="robots" content="noindex">
<title>Lab sandbox</title>
<script type="text/plain" id="worker">${worker}</script>
<script type="text/plain" id="guard">${guard}</script>
<script>${frame}</script>
</head>
<body></body>
</html>
`;
  return { sandbox: await emit("sandbox", ".html", html) };
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    keepNames: true,
    format: "iife",
    target: "es2023",
    legalComments: "none",
  });
  const code = outputFiles[0]?.text ?? "";
  // Inside a script element, only these two sequences end or nest it.
  return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
