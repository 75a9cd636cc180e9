/** One chat: what stands in front of it, and how long its messages and replies are, in tokens. */
export interface Chat {
  readonly system: number;
  readonly message: number;
  readonly reply: number;
}

export const support: Chat = { system: 500, message: 100, reply: 300 };
