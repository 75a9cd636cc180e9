import { CheckFailure } from "perflab/checks";

console.log(new CheckFailure("12", "10", "Ten requests were sent.").message);
