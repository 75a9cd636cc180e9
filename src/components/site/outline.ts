/** The course as a list: what the sidebar, the home page and previous/next show. What has no page is plain text everywhere. */
import { getCollection } from "astro:content";

const pages = new Set((await getCollection("docs")).map(({ id }) => id));

/** A page under content/ once it is written; until then undefined, so that nothing links to it. */
function written(id: string): string | undefined {
  return pages.has(id) ? `${id}/` : undefined;
}

export interface Part {
  readonly number: number;
  readonly title: string;
  /** Undefined until the part can be read. */
  readonly path: string | undefined;
  /** What the learner can do afterwards, in one line. */
  readonly promise: string;
}

export interface Page {
  readonly title: string;
  readonly path: string | undefined;
  readonly blurb: string;
}

export const parts: readonly Part[] = [
  {
    number: 1,
    title: "What is AI performance engineering?",
    path: written("lessons/01-introduction"),
    promise: "Split a request into its parts, price it, and report it without fooling anyone.",
  },
  {
    number: 2,
    title: "The inference stack: prefill, decode and the KV cache",
    path: written("lessons/02-inference-stack"),
    promise: "Predict decode speed and cache size from a model’s config file.",
  },
  {
    number: 3,
    title: "Measuring LLM inference",
    path: written("lessons/03-measuring"),
    promise: "Write a stopwatch for streams, choose open or closed load, and size a run.",
  },
  {
    number: 4,
    title: "Continuous batching",
    path: written("lessons/04-continuous-batching"),
    promise: "Write the scheduler that keeps a GPU full, and see what it costs whom.",
  },
  {
    number: 5,
    title: "KV-cache optimisation",
    path: written("lessons/05-kv-cache"),
    promise: "Say what paging, prefix caching and quantisation each save, and what they don’t.",
  },
  {
    number: 6,
    title: "Reducing time to first token",
    path: written("lessons/06-time-to-first-token"),
    promise: "Draw the waterfall of a slow first token and fix its largest step.",
  },
  {
    number: 7,
    title: "Throughput and GPU sizing",
    path: written("lessons/07-throughput-and-sizing"),
    promise: "Turn a rate and an objective into GPUs, replicas and a bill.",
  },
  {
    number: 8,
    title: "RAG and vector-search performance",
    path: written("lessons/08-rag-and-vector-search"),
    promise: "Budget a retrieval pipeline and tune its index to a recall you measured.",
  },
];

export const guides: readonly Page[] = [
  {
    title: "Why p99 matters",
    path: written("guides/why-p99-matters"),
    blurb: "What the slowest one in a hundred does to everybody else.",
  },
  {
    title: "Your own GPU",
    path: written("guides/your-own-gpu"),
    blurb: "Point a lab at vLLM, SGLang, llama.cpp or Ollama.",
  },
  {
    title: "Inside the simulator",
    path: written("guides/inside-the-simulator"),
    blurb: "How the scheduler, the blocks and the step model work.",
  },
  {
    title: "Write a lab",
    path: written("guides/write-a-lab"),
    blurb: "One folder, five files, and checks that teach.",
  },
  {
    title: "Write a lesson",
    path: written("guides/write-a-lesson"),
    blurb: "The form of a lesson, and every piece it is made of.",
  },
];

export const tools: readonly Page[] = [
  {
    title: "Cost and latency estimator",
    path: undefined,
    blurb: "One page for API bills and your own GPUs, with error bars.",
  },
  {
    title: "Latency percentile analyser",
    path: undefined,
    blurb: "Paste latencies, get percentiles with intervals and warnings.",
  },
];

export const reference: readonly Page[] = [
  { title: "Your progress", path: "progress/", blurb: "What you have passed, and how good your guesses are." },
  { title: "perflab", path: "reference/", blurb: "Every function of a lab, with an example that runs." },
  { title: "Models, GPUs and prices", path: "reference/catalogue/", blurb: "Every id that the engine knows." },
  { title: "Glossary", path: "glossary/", blurb: "72 terms, one meaning each." },
  { title: "Where the numbers come from", path: "about/", blurb: "Sources, method, and how wrong the model is." },
];
