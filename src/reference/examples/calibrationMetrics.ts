import { calibrationMetrics } from "perflab";

console.log(calibrationMetrics.join(", "));
