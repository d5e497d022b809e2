import * as v from "valibot";

/** Where a result comes from: what was called, with which code, on which machine. Nothing in it changes a result. */
export const provenanceSchema = v.object({
  /** The words of the command line after the program's name, as given. */
  command: v.array(v.string()),
  /** Where relative paths of the command start. */
  working_folder: v.nullable(v.string()),
  /** Commit of the program's own repository; null unless it runs from a clone. */
  git: v.nullable(
    v.object({
      commit: v.string(),
      /** Whether the program's files differ from that commit. */
      dirty: v.boolean(),
    }),
  ),
  /** sha256 of the package-lock.json beside the program's package.json; null without one. */
  dependencies_sha256: v.nullable(v.string()),
  platform: v.object({
    node: v.string(),
    /** Name and release of the operating system. */
    os: v.string(),
    arch: v.string(),
    /** Model of the processor; null where the system does not tell. */
    cpu: v.nullable(v.string()),
    /** Logical processors of the machine. */
    processors: v.number(),
  }),
  /** Kernels, and how many threads shared the work. */
  kernels: v.string(),
  threads: v.number(),
  /** Configuration files given by the user; sha256 is null of a pipe, which can be read only once. */
  inputs: v.array(v.object({ path: v.string(), sha256: v.nullable(v.string()) })),
});

export type Provenance = v.InferOutput<typeof provenanceSchema>;
