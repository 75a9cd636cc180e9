/** What pages use of this folder: a target, how to measure it, list its models and find out what is wrong with it. */
export {
  MeasureError,
  type EndpointTarget,
  type MeasureOptions,
  type PairedRunner,
  type TargetPrice,
  type Via,
} from "./endpoint-target.ts";
export { normalBaseUrl } from "./base-url.ts";
export { hasRunner, keepKeyInRunner, listModels, ownSimulatedEndpoint, runDoctor } from "./via.ts";
export { measureThroughRunner, openStreamThroughRunner, type TimedBytes } from "./through-runner.ts";
export { measureInBrowser, pairWithRunner, useEndpointWorker } from "./browser/in-browser.ts";
export type { DoctorReport, Finding } from "./doctor/report.ts";
export {
  closeTabEngine,
  isTabTarget,
  measureInTab,
  openStreamInTab,
  tabEngineMissing,
  tabTarget,
  useTabEngine,
  type TabOptions,
} from "./tab-engine.ts";
