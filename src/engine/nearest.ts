/** The names closest to a misspelt one, for error messages; none where nothing is alike. */

/** Names less alike than this are no help. */
const LEAST = 0.5;

/** What is longer is a text, not a misspelt name. */
const LONGEST_NAME = 200;

/**
 * Up to `count` of `known`, best first. Alike are names of which one holds the other (`H100` and `h100-sxm-80`), names that share their words
 * (`llama-70b` and `llama-3.1-70b`), initials (`tp` and `tensorParallel`) and names a few letters apart. Case and punctuation don't count.
 */
export function nearest(wanted: string, known: readonly string[], count = 3): string[] {
  if (wanted.length > LONGEST_NAME) return [];
  const scored = known.map((name, place) => ({ name, place, score: likeness(wanted, name) }));
  return scored
    .filter((entry) => entry.score >= LEAST)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, count)
    .map((entry) => entry.name);
}

/** "`all`, such as a, b, c", or `all` alone where nothing is alike. */
export function suchAs(all: string, near: readonly string[]): string {
  return near.length > 0 ? `${all}, such as ${near.join(", ")}` : all;
}

/** Whether two names are one, but for case and punctuation: `max_num_seqs` and `maxNumSeqs`. */
export function sameName(a: string, b: string): boolean {
  return letters(a) === letters(b);
}

function likeness(wanted: string, name: string): number {
  const a = letters(wanted);
  const b = letters(name);
  if (a === "" || b === "") return 0;
  if (a === b) return 1;
  const edits = 1 - editDistance(a, b) / Math.max(a.length, b.length);
  // `request` is in `requests`, and `h100` begins `h100-sxm-80`; but `a` is in almost everything.
  const shorter = Math.min(a.length, b.length);
  const held =
    shorter >= 3 && (b.includes(a) || a.includes(b)) ? 0.7 + (0.25 * shorter) / Math.max(a.length, b.length) : 0;
  return Math.max(edits, held, sharedWords(wanted, name), initials(name) === a && a.length > 1 ? 0.8 : 0);
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** "tensorParallel", "tensor_parallel" and "tensor-parallel" all have two words; "70b" and "3.1" are words. */
function words(text: string): string[] {
  return text
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9.]+/)
    .filter((word) => word !== "");
}

/** 0.9 where each word of the wanted name is one of the other's, in proportion to the words both have. */
function sharedWords(wanted: string, name: string): number {
  const a = words(wanted);
  const b = words(name);
  if (a.length < 2) return 0;
  const common = a.filter((word) => b.includes(word)).length;
  return (0.9 * 2 * common) / (a.length + b.length);
}

function initials(name: string): string {
  return words(name)
    .map((word) => word[0])
    .join("");
}

/** Letters to insert, delete, change or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substituted, previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
