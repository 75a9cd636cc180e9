import { decodeStep, rooflinePoint } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const { intensity, ridge } = rooflinePoint(server, decodeStep(server, { batch: 8, context: 512 }));
console.log(intensity.toFixed(1), "FLOP a byte; the ridge is at", ridge.toFixed(0));
