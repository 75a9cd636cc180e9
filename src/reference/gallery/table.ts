import { chart, kvBytesPerToken, model } from "perflab";

const ids = ["llama-3.1-8b", "qwen3-4b", "deepseek-v3"];
chart.table({
  title: "KV cache of a token",
  columns: ["model", "bytes"],
  rows: ids.map((id) => [id, kvBytesPerToken(model(id))]),
});
