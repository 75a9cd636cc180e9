/** Checks charts by category. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsOf, optionsNamed } from "../options.ts";
import type { CategoryChart } from "./types.ts";
import { checkChart, checkAxis, checkNumber, checkSome, checkText } from "./validate.ts";

const oneSeries = optionsNamed({ others: ["name", "values"] });
const categoryOptions = optionsOf<CategoryChart>({
  title: "anything",
  says: "anything",
  y: "anything",
  categories: "anything",
  series: "anything",
  stacked: "anything",
  marks: "anything",
});

/** Throws InputError for what can't be drawn. */
export function checkCategoryChart(c: CategoryChart): void {
  checkChart(c, categoryOptions);
  checkText(c.title, "title");
  checkAxis(c.y, "y");
  checkSome(c.categories, "categories", 200);
  c.categories.forEach((name, i) => checkText(name, `categories[${i}]`));
  checkSome(c.series, "series", 24);
  c.series.forEach((one, s) => {
    checkOptions(`series[${s}]`, one, oneSeries);
    const { name, values } = one;
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
