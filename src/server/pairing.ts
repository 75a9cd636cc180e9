/**
 * One-time tokens: how a page of another origin, or a browser on another machine, earns the right to use this runner.
 * A token is good for one session; when it has been used, or guessed at too often, a new one takes its place.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";

/** No letters that look like digits. */
const ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const TOKEN_LENGTH = 12;
const MAX_WRONG = 10;
const MAX_SESSIONS = 100;

export interface Pairing {
  /** The token to show the user. */
  token(): string;
  /** A session for `origin` in exchange for the token; null when the token is wrong. */
  redeem(token: string, origin: string): string | null;
  /** Whether this session was opened for this origin. */
  valid(session: string, origin: string): boolean;
  /** Whether any session is open for this origin. */
  knows(origin: string): boolean;
}

/** @param onToken is told each new token, the first one too */
export function createPairing(onToken: (token: string) => void): Pairing {
  const sessions = new Map<string, string>();
  let wrong = 0;
  let current = "";
  renew();

  return {
    token: () => current,
    redeem(token, origin) {
      if (!same(normalise(token), normalise(current))) {
        if (++wrong >= MAX_WRONG) renew();
        return null;
      }
      const session = randomBytes(32).toString("hex");
      sessions.set(session, origin);
      if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value!);
      renew();
      return session;
    },
    valid: (session, origin) => sessions.get(session) === origin,
    knows: (origin) => [...sessions.values()].includes(origin),
  };

  function renew(): void {
    wrong = 0;
    const letters = Array.from(randomBytes(TOKEN_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]!).join("");
    current = letters.replace(/(.{4})(?=.)/g, "$1-");
    onToken(current);
  }
}

const normalise = (token: string) => token.toUpperCase().replace(/[^A-Z0-9]/g, "");

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
