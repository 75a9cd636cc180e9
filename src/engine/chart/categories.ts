/** Checks charts by category. */
import { InputError } from "../errors.ts";
import type { CategoryChart } from "./types.ts";
import { checkAxis, checkNumber, checkSome, checkText } from "./validate.ts";

/** Throws InputError for what can't be drawn. */
export function checkCategoryChart(c: CategoryChart): void {
  checkText(c.title, "title");
  checkAxis(c.y, "y");
  checkSome(c.categories, "categories", 200);
  c.categories.forEach((name, i) => checkText(name, `categories[${i}]`));
  checkSome(c.series, "series", 24);
  c.series.forEach(({ name, values }, s) => {
    checkText(name, `series[${s}].name`);
    checkSome(values, `series[${s}].values`, 200);
    if (values.length !== c.categories.length)
      throw new InputError(
        `the length of series[${s}].values`,
        values.length,
        `${c.categories.length}, one for each category`,
      );
    values.forEach((value, i) => {
      checkNumber(value, c.y, `series[${s}].values[${i}]`);
      if (c.stacked && value < 0) throw new InputError(`series[${s}].values[${i}]`, value, "0 or more in stacked bars");
    });
  });
}
