/**
 * Every trace that ships with the course (about 450 kB). Not part of the engine's public face: whoever wants `trace(name)` to find
 * them imports this file, so that a page without them does not carry them.
 */
import { registerTrace } from "../trace.ts";
import azureCode from "./azure-code-2023.json" with { type: "json" };
import azureConversation from "./azure-conversation-2023.json" with { type: "json" };
import mooncakeConversation from "./mooncake-conversation.json" with { type: "json" };
import { unpackTrace } from "./decode.ts";

/** Makes them known to `trace(name)`. */
export function registerShippedTraces(): void {
  for (const packed of [azureCode, azureConversation, mooncakeConversation])
    registerTrace(packed.name, unpackTrace(packed));
}
