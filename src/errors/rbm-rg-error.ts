/**
 * The root of every error this program raises on purpose. Its message is written for the user: what was found, where,
 * what was expected and what to do. `exitCode` is the process status the command line reports (sysexits where one fits).
 */
export abstract class RbmRgError extends Error {
  /** The process status the command line reports. */
  abstract readonly exitCode: number;

  /**
   * @param message what was found, where, what was expected and what to do
   * @param options `cause`: the error behind this one
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
