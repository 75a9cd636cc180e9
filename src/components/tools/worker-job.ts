/** A worker that answers one question at a time, says how far it is, and can be stopped. */

export type FromWorker<Answer> =
  | { readonly id: number; readonly kind: "progress"; readonly share: number }
  | { readonly id: number; readonly kind: "answer"; readonly answer: Answer }
  | { readonly id: number; readonly kind: "problem"; readonly field: string; readonly text: string };

/** Bad input in words; `field` is what it is about. */
export class ToolProblem extends Error {
  readonly field: string;
  constructor(field: string, text: string) {
    super(text);
    this.field = field;
  }
}

/** Somebody wished it: nothing went wrong. What the worker held is gone. */
export class WorkerStopped extends Error {}

/** The worker itself failed. What it held is gone. */
export class WorkerLost extends Error {}

export class WorkerJob<Question, Answer> {
  readonly #make: () => Worker;
  #worker: Worker | null = null;
  #last = 0;
  readonly #waiting = new Map<
    number,
    { resolve(answer: Answer): void; reject(error: Error): void; progress(share: number): void }
  >();

  constructor(make: () => Worker) {
    this.#make = make;
  }

  /** Rejects with ToolProblem for bad input, with WorkerStopped and with WorkerLost. */
  ask(question: Question, progress: (share: number) => void = () => {}): Promise<Answer> {
    const id = ++this.#last;
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, progress });
      worker.postMessage({ id, question });
    });
  }

  /** Ends what runs; what the worker knew is lost. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#fail(new WorkerStopped("It was stopped"));
  }

  #start(): Worker {
    const worker = this.#make();
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker<Answer>>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting) return;
      if (data.kind === "progress") return waiting.progress(data.share);
      this.#waiting.delete(data.id);
      if (data.kind === "answer") waiting.resolve(data.answer);
      else waiting.reject(new ToolProblem(data.field, data.text));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      worker.terminate();
      this.#worker = null;
      this.#fail(new WorkerLost("It failed, perhaps for want of memory: less at once may do"));
    });
    return worker;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Inside the worker: answers questions, one after another. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question, progress: (share: number) => void) => Promise<Answer> | Answer,
): void {
  addEventListener("message", ({ data }: MessageEvent<{ id: number; question: Question }>) => {
    const { id, question } = data;
    const send = (message: FromWorker<Answer>) => postMessage(message);
    void (async () => {
      try {
        send({ id, kind: "answer", answer: await answer(question, (share) => send({ id, kind: "progress", share })) });
      } catch (error) {
        const field = error instanceof Error && "field" in error ? String(error.field) : "";
        send({ id, kind: "problem", field, text: error instanceof Error ? error.message : String(error) });
      }
    })();
  });
}
