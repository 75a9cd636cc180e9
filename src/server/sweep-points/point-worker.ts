/** One thread of a simulated sweep: takes a point, gives its result, and asks for the next. */
import { parentPort } from "node:worker_threads";
import { computePoint, type Point, type PointResult } from "./points.ts";

parentPort?.on("message", (point: Point) => parentPort?.postMessage(computePoint(point) satisfies PointResult));
