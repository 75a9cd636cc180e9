/** Sliders and selects of lab.yaml. */
import type { LabSetup } from "../../lab/setup.ts";

/** Calls back with all values whenever one changes. */
export function readParams(
  host: HTMLElement,
  params: LabSetup["params"],
  onChange: (values: Readonly<Record<string, number | string>>) => void,
): void {
  const values: Record<string, number | string> = Object.fromEntries(
    Object.entries(params).map(([name, { default: value }]) => [name, value]),
  );
  host.addEventListener("input", (event) => {
    const control = event.target as HTMLInputElement | HTMLSelectElement;
    const param = params[control.name];
    if (param === undefined) return;
    const isNumber = "min" in param || typeof param.default === "number";
    values[control.name] = isNumber ? Number(control.value) : control.value;
    const output = control.parentElement?.querySelector("output");
    if (output && "min" in param) output.textContent = `${control.value}${param.unit ? ` ${param.unit}` : ""}`;
    onChange({ ...values });
  });
}
