/** The course as a list: what the sidebar, the home page and previous/next show. What has no page is plain text everywhere. */
import { getCollection } from "astro:content";
import { ownLessons } from "../../project/own-lessons.ts";
import { languageOf, type SecondLanguage } from "../../languages.ts";
import { siteSay } from "../language/words.ts";
import { pathIn } from "./twins.ts";

const allDocs = await getCollection("docs");
const docs = allDocs.filter(({ id }) => languageOf(id) === undefined);
const terms = (await getCollection("glossary")).length;
const pages = new Set(docs.map(({ id }) => id));

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
  /** What the lesson says of its length; a plain number is the reading alone. */
  readonly minutes: number | { readonly reading: number; readonly withLabs: number } | undefined;
}

export interface Page {
  readonly title: string;
  readonly path: string | undefined;
  readonly blurb: string;
}

/** The eight parts as planned; a lesson that is written brings its own title. */
const plan: readonly Pick<Part, "title" | "promise">[] = [
  {
    title: "What is AI performance engineering?",
    promise: "Split a request into its parts, price it, and report it without fooling anyone.",
  },
  {
    title: "The inference stack: prefill, decode and the KV cache",
    promise: "Predict decode speed and cache size from a model’s config file.",
  },
  {
    title: "Measuring LLM inference",
    promise: "Write a stopwatch for streams, choose open or closed load, and size a run.",
  },
  {
    title: "Continuous batching",
    promise: "Write the scheduler that keeps a GPU full, and see what it costs whom.",
  },
  {
    title: "KV-cache optimisation",
    promise: "Say what paging, prefix caching and quantisation each save, and what they don’t.",
  },
  {
    title: "Reducing time to first token",
    promise: "Draw the waterfall of a slow first token and fix its largest step.",
  },
  {
    title: "Throughput and GPU sizing",
    promise: "Turn a rate and an objective into GPUs, replicas and a bill.",
  },
  {
    title: "RAG and vector-search performance",
    promise: "Budget a retrieval pipeline and tune its index to a recall you measured.",
  },
];

const planned: readonly Part[] = plan.map(({ title, promise }, index) => {
  const lesson = docs.find(({ data }) => data.part === index + 1);
  return {
    number: index + 1,
    title: lesson?.data.title ?? title,
    path: lesson && `${lesson.id}/`,
    promise,
    minutes: lesson?.data.minutes,
  };
});

/** Lessons beyond the plan, in the order of their parts. */
const added: readonly Part[] = docs
  .flatMap(({ id, data }) =>
    data.part !== undefined && data.part > plan.length
      ? [
          {
            number: data.part,
            title: data.title,
            path: `${id}/`,
            promise: data.description ?? "",
            minutes: data.minutes,
          },
        ]
      : [],
  )
  .sort((a, b) => a.number - b.number);

export const parts: readonly Part[] = [...planned, ...added];

/** Lessons of courses on top, as labs.config.json names them; without one there is nothing to show. */
export const courses: readonly { readonly title: string; readonly pages: readonly Page[] }[] = ownLessons(process.cwd())
  .map(({ title, lessons }) => ({
    title,
    pages: lessons.flatMap(({ id }) => {
      const page = docs.find((doc) => doc.id === id);
      return page === undefined ? [] : [{ title: page.data.title, path: `${id}/`, blurb: page.data.description ?? "" }];
    }),
  }))
  .filter(({ pages: found }) => found.length > 0);

/** Pages of the outline as another language has them: its own titles, and its own pages where there are any. */
export function inLanguage<Listed extends { readonly title: string; readonly path: string | undefined }>(
  lang: SecondLanguage | undefined,
  pages: readonly Listed[],
): readonly Listed[] {
  if (lang === undefined) return pages;
  const say = siteSay(lang);
  return pages.map((page) => {
    const own = allDocs.find(({ id }) => id === `${lang}/${(page.path ?? "").replace(/\/$/, "")}`);
    const path = page.path === undefined ? undefined : pathIn(lang, page.path);
    return { ...page, title: own?.data.title ?? say(page.title), path };
  });
}

/** The first part that can be read: where a newcomer starts. */
export const firstPart = parts.find(({ path }) => path !== undefined);

/** After the last part. */
export const capstone = {
  title: "Capstone: ship it within the SLO",
  path: "capstone/",
  blurb: "A brief, a budget, fresh traffic, and the best that a search has found.",
} satisfies Page;

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
    title: "Point a lab at your own GPU",
    path: written("guides/point-a-lab-at-your-gpu"),
    blurb: "Server by server, with keys, CORS, cost, and what the doctor means.",
  },
  {
    title: "Many machines",
    path: written("guides/many-machines"),
    blurb: "One schedule from several clients, and percentiles that are never averaged.",
  },
  {
    title: "Inside the simulator",
    path: written("guides/inside-the-simulator"),
    blurb: "How the scheduler, the blocks and the step model work.",
  },
  {
    title: "Beside other tools",
    path: written("guides/beside-other-tools"),
    blurb: "What ours add to the public tools for the same jobs, and what they lack.",
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
  {
    title: "Gallery",
    path: written("guides/gallery"),
    blurb: "Every chart, check and component, live, beside its code.",
  },
  {
    title: "Write a lab here",
    path: "author/",
    blurb: "A lab’s files in the browser: proved, previewed, taken away as a folder.",
  },
  {
    title: "For a class",
    path: "class/",
    blurb: "Learners’ files merged: where a class gets stuck, without accounts.",
  },
];

export const tools: readonly Page[] = [
  {
    title: "Cost and latency estimator",
    path: "tools/estimator/",
    blurb: "An API and GPUs of your own, side by side, each number with its formula.",
  },
  {
    title: "Latency percentile analyser",
    path: "tools/percentiles/",
    blurb: "Percentiles with intervals, from your latencies or a benchmark’s file.",
  },
  {
    title: "Simulator playground",
    path: "tools/simulator/",
    blurb: "Every knob of a server and its load, and charts that follow; also your own trace.",
  },
  {
    title: "perflab, the command",
    path: "guides/your-own-gpu/#your-own-prompts-and-traffic",
    blurb: "Measure, sweep, simulate, estimate and compare from a terminal.",
  },
  {
    title: "Measured in the wild",
    path: "tools/measured/",
    blurb: "Published measurements to search, and whether your server is slow beside them.",
  },
  {
    title: "Digital twin",
    path: "tools/twin/",
    blurb: "Your own sweep, fitted: what it shows, and what your server would do at another load.",
  },
  {
    title: "Endpoint doctor",
    path: "tools/doctor/",
    blurb: "What is wrong between you and an endpoint, why, and what to change.",
  },
];

export const reference: readonly Page[] = [
  { title: "Your progress", path: "progress/", blurb: "What you have passed, and how good your guesses are." },
  { title: "What you have proved", path: "completion/", blurb: "Labs, predictions and capstone, as a sheet to print." },
  { title: "perflab", path: "reference/", blurb: "Every function of a lab, with an example that runs." },
  { title: "Models", path: "catalogue/models/", blurb: "Shape, weights and KV cache of every model we know." },
  { title: "GPUs", path: "catalogue/gpus/", blurb: "Memory, bandwidth, arithmetic and ridge, with sources." },
  { title: "Prices", path: "catalogue/prices/", blurb: "Hosted models and rented GPUs, each with its day." },
  { title: "Cheat sheet", path: written("cheat-sheet"), blurb: "Formulas, numbers to know and defaults, on paper." },
  { title: "Glossary", path: "glossary/", blurb: `${terms} terms, one meaning each.` },
  {
    title: "How accurate is it?",
    path: "accuracy/",
    blurb: "Where the numbers come from, and how wrong the model is.",
  },
];
