import { gpu } from "perflab";

const { name, memory, hbmBandwidth } = gpu("h100-sxm-80");
console.log(name, memory / 1e9, "GB,", hbmBandwidth / 1e12, "TB/s");
