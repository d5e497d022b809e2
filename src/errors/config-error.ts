import { RbmRgError } from "./rbm-rg-error.js";

/** One thing wrong with a configuration. */
export interface ConfigIssue {
  /** The key as the user writes it, for example `train.learning_rate`; empty where there is none. */
  readonly path: string;
  /** The value found, what was expected and what to do. */
  readonly message: string;
}

/** The configuration is invalid. Carries every issue found, so that the user mends all of them at once. */
export class ConfigError extends RbmRgError {
  readonly exitCode = 78;

  /** @param origin names the source of the configuration in the message */
  constructor(
    /** Everything that is wrong. */
    readonly issues: readonly ConfigIssue[],
    origin = "the configuration",
  ) {
    const lines = issues.map(({ path, message }) => (path === "" ? `  ${message}` : `  ${path}: ${message}`));
    const count = issues.length === 1 ? "1 error" : `${issues.length} errors`;
    super(`${count} in ${origin}:\n${lines.join("\n")}`);
  }
}
