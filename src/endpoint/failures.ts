/** Turns what a network layer reports into a named failure with a sentence that says what to try. */
import type { FailureKind, TransportFailure } from "../engine/benchmark/transport.ts";

const KINDS: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  ECONNREFUSED: "refused-connection",
  ECONNRESET: "reset",
  EPIPE: "reset",
  HPE_INVALID_CONSTANT: "malformed",
  EPROTO: "tls",
  ETIMEDOUT: "network",
  EHOSTUNREACH: "network",
  ENETUNREACH: "network",
  EMFILE: "client-limit",
  ENFILE: "client-limit",
  ENOBUFS: "client-limit",
  ENOMEM: "client-limit",
  EADDRNOTAVAIL: "client-limit",
};

const SENTENCES: Partial<Record<FailureKind, string>> = {
  dns: "The host name could not be found. Check the spelling, and that this machine can resolve it.",
  "refused-connection":
    "Nothing is listening at that address. Check the port, and that the server has finished starting.",
  tls: "The secure connection failed. If the certificate is self-signed, allow that for this target; if the server speaks plain HTTP, begin the URL with http://.",
  reset:
    "The server closed the connection in the middle of the exchange. It may have crashed or hit a limit: look at its log.",
  network: "The host could not be reached. Check the address, the VPN and the firewall.",
  "client-limit":
    "This machine itself can't open another connection; that says nothing about the server. Raise its limit (`ulimit -n` for open files), or lower the number of requests at once.",
  malformed: "What answered does not speak HTTP. Check the port, and whether the URL should begin with https://.",
};

/** From an error of Node's net, tls or http modules, by its code. */
export function nodeFailure(error: NodeJS.ErrnoException): TransportFailure {
  const code = error.code ?? "";
  const kind = KINDS[code] ?? (code.startsWith("HPE_") ? "malformed" : isTls(code) ? "tls" : "network");
  return { kind, message: `${SENTENCES[kind] ?? "The exchange failed."} (${code || error.name})` };
}

function isTls(code: string): boolean {
  return (
    code.startsWith("ERR_TLS") ||
    code.startsWith("ERR_SSL") ||
    code.includes("CERT") ||
    code.includes("UNABLE_TO_VERIFY")
  );
}
