import { gpu, sourceOf } from "perflab";

const { source, date } = sourceOf(gpu("h100-sxm-80"), "hbmBandwidth");
console.log(source, date);
