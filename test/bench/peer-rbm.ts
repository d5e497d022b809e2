import type { Contender } from "./contest.js";
import { PeerProcess } from "./peer-process.js";
import type { Shape } from "./shape.js";
import { limitedThreads, type Toolbox } from "./toolbox.js";

/** A library that trains RBMs or multiplies matrices. */
interface RbmPeer {
  readonly subject: string;
  readonly source: string;
  readonly modules: readonly string[];
}

const numpy: RbmPeer = { subject: "NumPy", source: "numpy_rbm.py", modules: ["numpy"] };
const torch: RbmPeer = { subject: "PyTorch", source: "torch_rbm.py", modules: ["torch"] };
const sklearn: RbmPeer = {
  subject: "scikit-learn BernoulliRBM (PCD)",
  source: "sklearn_rbm.py",
  modules: ["numpy", "sklearn"],
};

/** Who takes part in what. */
const peers = { cd: [numpy, torch, sklearn], gibbs: [numpy, torch] } as const;

/** The peers of a task that this machine has; milliseconds a step (update or sweep). */
export async function rbmPeers(
  tools: Toolbox,
  task: keyof typeof peers,
  size: Shape,
  threads: number,
  steps: number,
): Promise<readonly Contender[]> {
  const found: Contender[] = [];
  for (const { subject, source, modules } of peers[task]) {
    const python = tools.python(modules);
    if (python === null) continue;
    const options = JSON.stringify({ task, ...size, steps, threads });
    const peer = await PeerProcess.start(
      subject,
      python,
      [tools.source(source), options],
      limitedThreads(threads),
    );
    found.push({
      subject,
      role: "reference",
      round: async () => ((await peer.run()).seconds / steps) * 1000,
      close: () => peer.close(),
    });
  }
  return found;
}
