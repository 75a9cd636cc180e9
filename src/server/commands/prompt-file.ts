/** `--dataset-path FILE`: prompts of the user's own, as vLLM, AIPerf, ShareGPT and spreadsheets have them. */
import type { OwnPrompt } from "../../engine/benchmark/own-prompts.ts";
import { UsageError } from "./exit-codes.ts";
import { readRows, type Row } from "./table-file.ts";

/** Names under which files keep the text, in the order in which they are looked for. */
const TEXT = ["prompt", "text", "text_input", "input", "question", "instruction"];
const OUTPUT = ["output_tokens", "output_length", "max_tokens", "osl"];
/** English runs at about four characters a token; without the server's tokenizer nobody knows better. */
const CHARACTERS_PER_TOKEN = 4;

export interface PromptFile {
  readonly prompts: readonly OwnPrompt[];
  /** Rows without a prompt, such as ShareGPT's empty conversations. */
  readonly skipped: number;
  /** Some lengths of answers are guessed from the answers in the file. */
  readonly guessedOutput: boolean;
}

/** Throws UsageError where no row has a prompt. */
export async function readPrompts(file: string): Promise<PromptFile> {
  const rows = await readRows("--dataset-path", file);
  const prompts: OwnPrompt[] = [];
  let guessedOutput = false;
  for (const row of rows) {
    const text = promptOf(row);
    if (text === undefined || text.trim() === "") continue;
    const said = outputOf(row);
    const output = said ?? answerOf(row);
    guessedOutput ||= said === undefined && output !== undefined;
    prompts.push({ text, promptTokens: guess(text), ...(output !== undefined && { outputTokens: output }) });
  }
  if (prompts.length === 0)
    throw new UsageError(
      `--dataset-path ${file} has no prompt among its fields ${Object.keys(rows[0]!).join(", ")}; ` +
        `it needs ${TEXT.slice(0, 4).join(", ")}, messages or conversations`,
    );
  return { prompts, skipped: rows.length - prompts.length, guessedOutput };
}

function promptOf(row: Row): string | undefined {
  const named = TEXT.map((name) => row[name]).find((value) => typeof value === "string");
  if (named !== undefined) return named as string;
  const said = spoken(row);
  const first = said.find(({ by }) => by === "human" || by === "user") ?? said[0];
  return first?.text;
}

function outputOf(row: Row): number | undefined {
  for (const name of OUTPUT) {
    const value = Number(row[name]);
    if (row[name] !== undefined && row[name] !== "" && Number.isInteger(value) && value >= 1) return value;
  }
  return undefined;
}

/** As long as the answer that the row holds. */
function answerOf(row: Row): number | undefined {
  const said = spoken(row);
  const answer = said.findIndex(({ by }) => by === "gpt" || by === "assistant");
  return answer > 0 ? guess(said[answer]!.text) : undefined;
}

/** ShareGPT's conversations and OpenAI's messages. */
function spoken(row: Row): { by: string; text: string }[] {
  const list = [row["conversations"], row["conversation"], row["messages"]].find(Array.isArray) as Row[] | undefined;
  return (list ?? []).flatMap((turn) => {
    const text = turn?.["value"] ?? turn?.["content"];
    return typeof text === "string" ? [{ by: String(turn["from"] ?? turn["role"] ?? ""), text }] : [];
  });
}

function guess(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}
