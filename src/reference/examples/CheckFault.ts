import { CheckFault, close } from "perflab/checks";

try {
  close(1, NaN, { absolute: 0.1, why: "" });
} catch (fault) {
  console.log(fault instanceof CheckFault, (fault as Error).message);
}
