import { appendText } from "../io/index.js";
import type { ChildEnd, Machine, StopRequest } from "./machine.js";

/**
 * Run one command of this program to its end. What it prints is appended to a log, after a line with the time and the
 * command; requests to stop are passed on.
 */
export async function logged(
  args: readonly string[],
  log: string,
  machine: Machine,
  stop: StopRequest,
): Promise<ChildEnd> {
  appendText(log, `# ${machine.timestamp()} rbm-rg ${args.join(" ")}\n`);
  const child = machine.launch(args, log);
  return await stop.during((signal) => {
    child.kill(signal);
  }, child.ended);
}
