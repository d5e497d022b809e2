import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** What a peer answers to "run". */
export interface Answer {
  readonly seconds: number;
  /** Spin flips done (lattice peers). */
  readonly flips?: number;
}

/** A peer's program, alive between rounds: it does a round for every line "run" and answers with a line of JSON. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #name: string;
  #complaint = "";
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null;

  private constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#name = name;
    const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    this.#lines = createInterface(child.stdout);
    this.#lines.on("line", (line) => {
      this.#waiting?.resolve(line);
      this.#waiting = null;
    });
    child.stderr.on("data", (text: Buffer) => (this.#complaint += text.toString()));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      this.#fail(error.message);
    });
    child.on("close", (code) => {
      this.#fail(`ended with code ${String(code)}`);
    });
  }

  /** Start a peer and wait until it is ready. */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<PeerProcess> {
    const peer = new PeerProcess(name, command, args, env);
    await peer.#nextLine();
    return peer;
  }

  /** One round. */
  async run(): Promise<Answer> {
    const line = this.#nextLine();
    this.#child.stdin?.write("run\n");
    return JSON.parse(await line) as Answer;
  }

  /** End the program and wait for it. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin?.end();
    await closed;
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #fail(reason: string): void {
    this.#waiting?.reject(new Error(`${this.#name} ${reason}\n${this.#complaint.trim()}`));
    this.#waiting = null;
  }
}
