import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { everything } from "./kills.js";
import { inFolder, rbmRg, root } from "./run.js";

const fixtures = join(root, "test", "fixtures");

/** Runs that earlier versions left when they were stopped in their second layer, with the configurations they were given. */
const earlier = readdirSync(fixtures).filter((name) => name.startsWith("interrupted-run-"));

it.each(earlier)("goes on from the checkpoint of %s to the bytes of a run that was never stopped", (name) => {
  inFolder((folder) => {
    const config = join(fixtures, name, "config.yaml");
    const train = (run: string) => rbmRg(folder, "train", "--config", config, "-o", run);
    cpSync(join(fixtures, name, "run"), join(folder, "resumed"), { recursive: true });
    const resumed = train("resumed");
    expect(resumed.stderr).toContain("resumed continues at layer 2 of 2, epoch ");
    expect(resumed.status).toBe(0);
    expect(train("whole").status).toBe(0);
    expect(everything(join(folder, "resumed"))).toEqual(everything(join(folder, "whole")));
  });
});
