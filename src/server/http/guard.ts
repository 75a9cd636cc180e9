/**
 * Who may talk to a server on this machine. A page elsewhere can send requests to a loopback address, and with DNS rebinding
 * under a name of its own; so the Host must be a name of ours, and the Origin where one is sent must be known.
 */
import { isIP } from "node:net";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The host name of a Host header, without its port, in lower case; null when it is no valid host. */
export function hostName(host: string | undefined): string | null {
  if (!host) return null;
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host);
  return match ? match[1]!.toLowerCase() : null;
}

export function isLoopbackHost(host: string | undefined): boolean {
  const name = hostName(host);
  return name !== null && LOOPBACK.has(name);
}

/** A literal address cannot be rebound by DNS. */
export function isAddressHost(host: string | undefined): boolean {
  const name = hostName(host);
  return name !== null && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** An Origin of this machine, whatever its port. */
export function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(.+)$/.exec(origin);
  return match !== null && isLoopbackHost(match[1]);
}
