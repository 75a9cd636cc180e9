/**
 * Words to make prompts of: four letters and common, so that a tokenizer spends as much on each as on any other, and the usual ones spend one
 * token, with or without a leading space (tried with OpenAI's r50k, p50k, cl100k and o200k, Llama 2 and 3, and Mistral on 27 November 2026).
 */
export const words: readonly string[] = (
  "that with this from have they will more what than into only time some then like over such even most made also many must back year " +
  "your well down just good make work long here both life same last come take used part once high left fact hand head find look next " +
  "city days room side four best ever mind area case home game road book form land face door line name word body half help hold hour " +
  "kind king late live main mean move note page play plan read real rest rule seen send ship show sort stop team term test town tree " +
  "true turn type unit view vote wait walk wall week west wide wind wood yard zero able away ball bank base blue born call"
).split(" ");
