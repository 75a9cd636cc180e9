/** A file that a command keeps beside what it prints: a disk that is full takes the file, never what was measured or worked out. */
import { exitCodes } from "./exit-codes.ts";

/** Says on stderr whether it was written; where it was not, the command ends as failed, and goes on. */
export async function keep(file: string, written: Promise<void>): Promise<void> {
  await written.then(
    () => process.stderr.write(`kept in ${file}\n`),
    (error: Error) => {
      process.exitCode = exitCodes.failed;
      process.stderr.write(`not kept in ${file}: ${error.message}\n`);
    },
  );
}
