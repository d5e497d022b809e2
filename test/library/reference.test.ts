import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inFolder, root } from "../cli/run.js";

it("docs/api is what typedoc writes of the sources, in which all exports are documented", () => {
  inFolder((folder) => {
    const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
    const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--out", folder], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`typedoc → ${String(status)}\n${stdout}\n${stderr}`);
    const committed = join(root, "docs", "api");
    expect(readdirSync(folder).sort()).toEqual(readdirSync(committed).sort());
    for (const name of readdirSync(folder)) {
      const [now, then] = [folder, committed].map((place) => readFileSync(join(place, name), "utf8"));
      expect(now === then, `docs/api/${name} is not up to date; write it again with: npm run docs`).toBe(
        true,
      );
      expect(now).not.toContain(root);
      const anchors = new Set([...now.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
      const links = [...now.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
      expect(links.filter((id) => !anchors.has(id))).toEqual([]);
    }
  });
});
