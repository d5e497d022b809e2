import { fileURLToPath } from "node:url";
import { type Contender, contest } from "../contest.js";
import type { Role } from "../comparison.js";
import type { Section } from "../section.js";
import { runProcess } from "../whole-process.js";

/** Short runs vary much: at least so many. */
const LEAST_ROUNDS = 15;

/** What a user waits for before anything happens; bare Node is the floor. */
export const startUp: Section = {
  name: "start-up",
  description: "rbm-rg --help and --version beside bare Node, wall-clock",
  async run({ root, quick, rounds, report }) {
    const program = fileURLToPath(new URL("bin/rbm-rg.js", root));
    for (const flag of ["--help", "--version"]) {
      const contenders = [
        processContender(`project (rbm-rg ${flag})`, "project", [program, flag]),
        processContender("node -e 0", "reference", ["-e", "0"]),
      ];
      const topic = {
        section: "start-up",
        name: flag,
        threads: 1,
        quantity: { unit: "ms", better: "less" },
        target: { kind: "value", most: 100 },
      } as const;
      report(await contest(topic, contenders, quick ? rounds : Math.max(rounds, LEAST_ROUNDS)));
    }
  },
};

function processContender(subject: string, role: Role, args: readonly string[]): Contender {
  return {
    subject,
    role,
    round: async () => 1000 * (await runProcess(process.execPath, args, process.env)).seconds,
    close: () => Promise.resolve(),
  };
}
