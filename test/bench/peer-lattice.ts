import type { Answer } from "./peer-process.js";
import { PeerProcess } from "./peer-process.js";
import type { Contender } from "./contest.js";
import { limitedThreads, type Toolbox } from "./toolbox.js";

/** A C peer with its arguments, or nothing where there is no compiler. */
async function compiledPeer(
  tools: Toolbox,
  subject: string,
  name: string,
  args: readonly (string | number)[],
  figure: (answer: Required<Answer>) => number,
): Promise<readonly Contender[]> {
  const program = tools.program(name);
  if (program === null) return [];
  const peer = await PeerProcess.start(subject, program, args.map(String), limitedThreads(1));
  return [
    {
      subject,
      role: "reference",
      round: async () => figure((await peer.run()) as Required<Answer>),
      close: () => peer.close(),
    },
  ];
}

/** The 64-chain multi-spin program; flips tried a nanosecond. */
export function sweepPeer(
  tools: Toolbox,
  rule: "metropolis" | "heat-bath",
  side: number,
  coupling: number,
  sweeps: number,
): Promise<readonly Contender[]> {
  const subject = `C (64 chains a word; ${rule})`;
  return compiledPeer(
    tools,
    subject,
    "multispin",
    [rule, side, coupling, sweeps],
    ({ seconds, flips }) => flips / (seconds * 1e9),
  );
}

/** The one-chain cluster program; nanoseconds a flipped site. */
export function wolffPeer(
  tools: Toolbox,
  side: number,
  coupling: number,
  clusters: number,
): Promise<readonly Contender[]> {
  return compiledPeer(
    tools,
    "C (one chain)",
    "wolff",
    [side, coupling, clusters],
    ({ seconds, flips }) => (seconds * 1e9) / flips,
  );
}
