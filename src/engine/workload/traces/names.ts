/** Names of the traces that ship with the course. Their data are in all.ts, which only those import who replay one. */
export const shippedTraces: readonly string[] = Object.freeze([
  "azure-code-2023",
  "azure-conversation-2023",
  "mooncake-conversation",
]);
