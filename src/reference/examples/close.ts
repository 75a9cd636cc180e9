import { close } from "perflab/checks";

try {
  close(2.4, 3, { relative: 0.01, what: "the mean of 1, 2 and 6 is", why: "A mean is the sum over the count." });
} catch (failure) {
  console.log((failure as Error).message);
}
