import { percentileRanks } from "perflab";

console.log(percentileRanks(368, 99), percentileRanks(367, 99));
