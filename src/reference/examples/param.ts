import { param } from "perflab";

console.log("the slider stands at", param("users"));
