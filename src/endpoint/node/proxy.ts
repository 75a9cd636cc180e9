/** Which proxy of the environment a request goes through: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, as curl and Python read them. */

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyChoice {
  /** The variable that names the proxy. Its value may hold a password, and is never shown. */
  readonly variable: string;
  /** What a Node agent takes as `proxyEnv`; absent where the proxy can't be used. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
  /** Why it can't. */
  readonly ignored?: string;
}

/** Undefined: the request goes straight there, as always to this machine itself and to what NO_PROXY names. */
export function proxyFor(url: URL, env: Environment = process.env): ProxyChoice | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (isThisMachine(host)) return undefined;
  const scheme = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const variable = [scheme, scheme.toUpperCase(), "all_proxy", "ALL_PROXY"].find((name) => (env[name] ?? "") !== "");
  if (variable === undefined) return undefined;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  if (isExcepted(host, port, env["no_proxy"] ?? env["NO_PROXY"] ?? "")) return undefined;
  const value = env[variable]!.trim();
  const proxy = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!/^https?:/i.test(proxy)) return { variable, ignored: "only http and https proxies can be used" };
  if (!URL.canParse(proxy)) return { variable, ignored: "it is not a URL" };
  if (!agentsTakeProxies())
    return { variable, ignored: `Node ${process.versions.node} can't use one; 24.5 and later can` };
  return { variable, proxyEnv: { [scheme === "https_proxy" ? "HTTPS_PROXY" : "HTTP_PROXY"]: proxy } };
}

/** The option came with Node 24.5. */
function agentsTakeProxies(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5);
}

function isThisMachine(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "::1" ||
    host === "::" ||
    host === "0.0.0.0" ||
    /^(::ffff:)?127(\.\d+){3}$/.test(host) ||
    host.startsWith("::ffff:7f")
  );
}

/** NO_PROXY: "*", names and what ends in them, with or without a leading dot or a port, addresses, and IPv4 ranges in CIDR form. */
function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry.toLowerCase());
      const wanted = bracketed?.[1] ?? (entry.split(":").length > 2 ? entry.toLowerCase() : name);
      const onPort = bracketed ? bracketed[2] : entry.split(":").length > 2 ? undefined : only;
      if (onPort !== undefined && onPort !== port) return false;
      if (wanted.includes("/")) return inRange(host, wanted);
      const suffix = wanted.replace(/^\*?\./, "");
      return host === suffix || host.endsWith(`.${suffix}`);
    });
}

function inRange(host: string, range: string): boolean {
  const [base = "", bits = ""] = range.split("/");
  const a = ipv4(host);
  const b = ipv4(base);
  const size = Number(bits);
  if (a === undefined || b === undefined || !(size >= 0 && size <= 32)) return false;
  const width = 2 ** (32 - size);
  return Math.floor(a / width) === Math.floor(b / width);
}

function ipv4(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
