/** What a pasted command, log or report says of its owner, taken out: keys, addresses, names of machines and people, paths. */

const SECRET = "[secret]";
const ADDRESS = "[address]";
const PATH = "[path]";
const USER = "[user]";

/** Says where on the same machine, so it says nothing of whose. */
const HERE =
  /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[?::1?\]?|host\.docker\.internal|\[(?:address|secret|path)\])$/i;
/** Everybody's. */
const EVERYBODYS = new Set(["docker.io", "ghcr.io", "nvcr.io", "quay.io", "huggingface.co", "github.com", "pypi.org"]);
const known = (host: string): boolean => HERE.test(host) || EVERYBODYS.has(host.toLowerCase());

/** A value on a command line, in a header or in JSON: quoted, or up to the next blank. */
const VALUE = String.raw`(?:"[^"\n]*"|'[^'\n]*'|[^\s"',;]+)`;
const SECRET_NAME = String.raw`[\w-]{0,40}(?:api[_-]?key|token|secret|passw(?:or)?d|credential|signature)[\w-]{0,40}`;
/** Names that hold one of those words and mean something else: counts of tokens, and how they are made. */
const NO_SECRET =
  /tokens|tokeni[sz]er|token[_-]?(?:usage|ids?|count|limit|budget|length|to|per)|time[_-]to[_-]first|per[_-]output|skip|auto/i;
const HOST_NAME = String.raw`[\w-]{0,40}(?:host(?:name)?|addr(?:ess)?|node[_-]?ip|host[_-]?ip|server[_-]?ip)`;
/** Ends of names that only machines have. */
const ENDS =
  "com|net|org|io|ai|dev|cloud|edu|gov|eu|de|uk|fr|ch|at|nl|it|es|se|jp|cn|in|au|ca|us|local|internal|intranet|lan|corp|home|private|svc|arpa|example|test|invalid";

/** In the quotes that it stood in, so that what is JSON stays so. */
function hidden(value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? "";
  return `${quote}${SECRET}${quote}`;
}

type Rule = readonly [pattern: RegExp, replacement: (...groups: string[]) => string];

const rules: readonly Rule[] = [
  // ── keys ──
  [
    new RegExp(String.raw`(--?)(${SECRET_NAME})(=|\s+)(?!-)(${VALUE})`, "gi"),
    (whole, dashes, name, between, value) =>
      NO_SECRET.test(name!) ? whole! : `${dashes}${name}${between}${hidden(value!)}`,
  ],
  [
    new RegExp(String.raw`\b(${SECRET_NAME})(["']?\s*[=:]\s*)(${VALUE})`, "gi"),
    (whole, name, between, value) => (NO_SECRET.test(name!) ? whole! : `${name}${between}${hidden(value!)}`),
  ],
  [
    /\b([A-Z0-9_]{0,40}(?:KEY|TOKEN|SECRET|PASSWORD)[A-Z0-9_]{0,40}=)("[^"]*"|'[^']*'|\S+)/g,
    (_, name) => `${name}${SECRET}`,
  ],
  [/\b(Bearer|Basic)\s+(?!\[secret\])[\w.~+/=-]{6,}/gi, (_, scheme) => `${scheme} ${SECRET}`],
  [/\b(?:hf_|sk-|nvapi-|gh[opsu]_|github_pat_|glpat-|xox[abp]-|AKIA|AIza)[\w-]{8,}/g, () => SECRET],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, () => SECRET],
  // ── addresses ──
  [
    /\b([a-z][a-z0-9+.-]{0,20}:\/\/)((?:\[[a-z]{1,10}\]|[^\s"'<>)[\]/@]){0,200}@)?(\[[0-9a-z:%]+\]|[^\s"'<>/:?#)[\]]*)((?::\d+)?)((?:\[[a-z]+\]|[^\s"'<>)[\]])*)/gi,
    (_, scheme, user, host, port, rest) => {
      if (host === "") return `${scheme}${PATH}`;
      if (!known(host!)) return ADDRESS;
      const [path = "", query] = rest!.split("?", 2);
      return `${scheme}${user ? `${USER}@` : ""}${host}${port}${path}${query === undefined ? "" : `?${SECRET}`}`;
    },
  ],
  [/(?<![\w.+-])[\w.+-]{1,100}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}/g, () => USER],
  [/\b((?:ENOTFOUND|EAI_AGAIN|getaddrinfo)\s+)(?!ENOTFOUND|EAI_AGAIN)([\w.-]+)/g, (_, before) => `${before}${ADDRESS}`],
  [
    new RegExp(
      String.raw`(-{0,2}\b${HOST_NAME}(?:=|["']?\s*:\s*|\s+))(["']?)([\w.-]+|\[[0-9a-f:]+\]|[0-9a-f:]*::[0-9a-f:]*)(?=[\s"',;:}\]]|$)`,
      "gi",
    ),
    (whole, before, quote, host) =>
      known(host!) || /^(?:-|\d+$)/.test(host!) || !/[=:-]|[A-Z]/.test(before!)
        ? whole!
        : `${before}${quote}${ADDRESS}`,
  ],
  [
    /\b((?:instance|pod|node|kubernetes_node|exported_instance|namespace|cluster)=)"[^"]*"/g,
    (_, name) => `${name}"${ADDRESS}"`,
  ],
  [/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g, (ip) => (known(ip!) ? ip! : ADDRESS)],
  [
    /(?<![\w:.])\[?(?=[0-9a-f:]{0,40}::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{2,46}(?:%\w{1,20})?\]?(?![\w:])/gi,
    (ip) => (known(ip!) ? ip! : ADDRESS),
  ],
  [
    new RegExp(String.raw`(?<![\w/.@-])((?:[a-z0-9][\w-]{0,62}\.){1,8}(?:${ENDS}))(?![\w-]|\.\w)`, "gi"),
    (host) => (known(host!) ? host! : ADDRESS),
  ],
  [
    /(?<![\w/.@:-])([a-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,8})(:\d{4,5})(?![\w.])/gi,
    (whole, host, port) => (known(host!) ? whole! : `${ADDRESS}${port}`),
  ],
  // ── paths ──
  [/(?<![\w])(?:[a-z]:\\|\\\\)[^\s"'<>|]+/gi, () => PATH],
  [/(?<![\w./~\]*])(?:~[\w-]*|\.{1,2})(?:\/[^\s"'<>:,;)]+)+/g, () => PATH],
  [/(?<![\w./~\]*-])(?!\/(?:v\d\w*|api|openai|inference)\/)\/[^\s"'<>:,;/)]+(?:\/[^\s"'<>:,;)]+)+/g, () => PATH],
];

/**
 * `addresses`: names of machines that are known to be private, whatever they look like. Loopback addresses, ports, and the registries
 * that everybody uses stay, and so do options, so that what is left is read as the whole was.
 */
export function withhold(text: string, addresses: readonly string[] = []): string {
  const named = addresses
    .filter((name) => name.length > 1 && !known(name))
    .reduce((left, name) => left.replaceAll(name, ADDRESS), text);
  return rules.reduce((left, [pattern, by]) => left.replace(pattern, by), named);
}

/** The same for every text within plain JSON data. */
export function withholdIn<T>(data: T, addresses: readonly string[] = []): T {
  if (typeof data === "string") return withhold(data, addresses) as T;
  if (Array.isArray(data)) return data.map((item: unknown) => withholdIn(item, addresses)) as T;
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, item]) => [key, withholdIn(item as unknown, addresses)]),
  ) as T;
}
