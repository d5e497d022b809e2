import { statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, MissingInputError } from "../errors/index.js";
import { pathStatus, sha256File } from "../io/index.js";
import { explainReading } from "../io/input.js";
import { renameKeys } from "../runs/config/keys.js";
import { camelCase, type RawConfig, resolveConfig, runIdentity } from "../runs/index.js";
import { nest } from "./flat-config.js";
import { flatTaskConfig, type Plan, type PlannedTask } from "./plan.js";
import { inputHash, inputPath } from "./plan-check.js";
import { shortId } from "./task-id.js";

/** Digits of a hash in a message. */
const SHOWN = 12;

/** Tells whether tasks are still what they were planned as. A file of data is read again only once it has changed. */
export class InputCheck {
  readonly #known = new Map<string, { readonly state: string; readonly sha256: string }>();

  constructor(private readonly plan: Plan) {}

  /**
   * Why the id of a task is not that of the run that this version of the program makes of its configuration and of its data
   * as they are now, in words; null if it is. Data that cannot be read are left to the command that reads them.
   */
  problem(task: PlannedTask): string | null {
    const path = inputPath(this.plan, task);
    const sha256 = path === null ? null : this.#sha256(path);
    if (path !== null && sha256 === null) return null;
    if (this.#idOf(task, sha256) === task.id) return null;
    const planned = inputHash(this.plan, task);
    if (path === null || sha256 === planned) {
      return (
        "this version of rbm-rg makes another run of its configuration than the one that has planned it; " +
        "plan the sweep again, under another name or -o"
      );
    }
    return (
      `the data ${path} are not those it was planned with (their sha256 begins with ${sha256!.slice(0, SHOWN)}, not ` +
      `${planned?.slice(0, SHOWN) ?? "any known"}); bring those back, or give the sweep another name or -o`
    );
  }

  /** The id of a task, from scratch; null if its configuration is none. */
  #idOf(task: PlannedTask, sha256: string | null): string | null {
    try {
      const written = nest(flatTaskConfig(this.plan, task));
      return shortId(runIdentity(resolveConfig(renameKeys(written, camelCase) as RawConfig), sha256));
    } catch (error) {
      if (error instanceof ConfigError) return null;
      throw error;
    }
  }

  /** The hash that a dataset folder or file of data is known by; null if it cannot be read. */
  #sha256(path: string): string | null {
    try {
      const file = pathStatus(path)?.isDirectory() === true ? join(path, "configurations.npy") : path;
      const { ino, size, mtimeMs } = explainReading(file, () => statSync(file));
      const state = `${ino} ${size} ${mtimeMs}`;
      const known = this.#known.get(file);
      if (known?.state === state) return known.sha256;
      const sha256 = sha256File(file);
      this.#known.set(file, { state, sha256 });
      return sha256;
    } catch (error) {
      if (error instanceof MissingInputError) return null;
      throw error;
    }
  }
}
