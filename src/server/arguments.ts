/** Reads the options of `npm start` and `npm run dev`. */
import { parseArgs } from "node:util";

export interface StartArguments {
  readonly port: number;
  readonly open: boolean;
  readonly build: boolean;
  readonly dev: boolean;
}

export const DEFAULT_PORT = 4321;

const HELP = `Usage: npm start -- [options]

  --port N     the port to serve on (default ${DEFAULT_PORT}); the simulated endpoint takes the next one
  --host       let other machines in, with the one-time token that is printed
  --no-build   serve the site as it was built last
  --dev        rebuild pages as their sources are saved (npm run dev)
  --help       this text
`;

/** Ends the process with a message on --help or on an option that does not exist. */
export function startArguments(argv: readonly string[]): StartArguments {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: "string", default: String(DEFAULT_PORT) },
        host: { type: "boolean", default: false },
        build: { type: "boolean", default: true },
        dev: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
      allowNegative: true,
    });
    if (values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port is ${values.port}; it must be 0 to 65535`);
    return { port, open: values.host, build: values.build, dev: values.dev };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
