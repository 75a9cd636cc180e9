/** A kept run out as a report to hand on, and as a file for `perflab`. */
import { toJsonl } from "../../engine/metrics/interchange/jsonl.ts";
import { reportHtml } from "../../endpoint/report/report-html.ts";
import type { RunDataRecord, RunRecord } from "../../lab/storage.ts";
import { Button } from "./Button.tsx";
import { useLab } from "./lab-context.ts";
import { figureOf, rootStyle } from "./report-figures.ts";
import { saveFile } from "../save-file.ts";

/** `of`: the run that is meant, the ticked one or else the newest; none where nothing has run. */
export function ReportFiles({ of }: { of: RunRecord | undefined }) {
  const { runs, setup } = useLab();
  const withRun = async (use: (data: RunDataRecord, run: RunDataRecord["runs"][number], record: RunRecord) => void) => {
    if (of === undefined) return;
    const data = await runs.data(of.id);
    const run = data?.runs.at(-1);
    if (data === undefined || run === undefined)
      runs.said.value = `${of.name} has no requests: its raw data are not kept, or its code made no Run.`;
    else use(data, run, of);
  };
  const html = () =>
    withRun((data, run, record) => {
      const page = {
        title: `${setup.title}: ${record.name}`,
        date: record.date,
        figures: data.charts.map(figureOf),
        rootStyle: rootStyle(),
      };
      saveFile(`${setup.id}-report.html`, reportHtml(run, page), "text/html");
    });
  const jsonl = () =>
    withRun((_, run, { date }) => saveFile(`${setup.id}-run.jsonl`, toJsonl({ ...run, date }), "application/jsonl"));
  const which = of === undefined ? "a run" : of.name;
  return (
    <>
      <Button
        action="runs-report"
        unusable={of === undefined}
        label={`Report of ${which}, HTML`}
        onPress={() => void html()}
      >
        Report (HTML)
      </Button>
      <Button
        action="runs-perflab"
        unusable={of === undefined}
        label={`${which} for perflab, JSON`}
        onPress={() => void jsonl()}
      >
        JSON for perflab
      </Button>
    </>
  );
}
