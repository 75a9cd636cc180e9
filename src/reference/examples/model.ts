import { model } from "perflab";

const llama = model("meta-llama/Llama-3.1-8B");
console.log(llama.id, (llama.parameters / 1e9).toFixed(2), "billion parameters,", llama.layers, "layers");
