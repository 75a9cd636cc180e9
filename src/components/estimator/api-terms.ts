/** What price lists leave out: limits, the shortest prefix that is cached, and hours that cost more. */
import type { Provenance } from "../../engine/catalog/types.ts";
import terms from "./api-terms.json" with { type: "json" };

export interface DearHours {
  /** Every price is multiplied by it. */
  readonly factor: number;
  /** From and to, hours of the day in UTC. */
  readonly utc: readonly (readonly [from: number, to: number])[];
  readonly words: string;
}

export interface ApiTerms extends Provenance {
  readonly id: string;
  readonly provider: string;
  /** Tokens in and out; absent: not known. */
  readonly context?: number;
  /** Tokens; a shorter prefix is billed in full. */
  readonly cacheMinimum?: number;
  readonly dear?: DearHours;
  readonly tokenizer?: string;
}

const known = terms as unknown as readonly ApiTerms[];

export function termsOf(id: string): ApiTerms | undefined {
  return known.find((entry) => entry.id === id);
}
