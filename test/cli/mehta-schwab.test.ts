import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg, root } from "./run.js";

interface Claim {
  readonly claim: string;
  readonly verdict: string;
}

describe("reproduce mehta-schwab --scale smoke", () => {
  it("writes local blocks, pictures, verdicts and a page", () => {
    inFolder((folder) => {
      const first = rbmRg(folder, "reproduce", "mehta-schwab", "--scale", "smoke", "-o", "a", "--json");
      expect(first.status).toBe(0);
      const { claims } = JSON.parse(first.stdout) as { claims: readonly Claim[] };
      const verdictOf = (words: string): string => claims.find(({ claim }) => claim.includes(words))!.verdict;
      expect(verdictOf("Ising configurations")).toBe("yes");
      expect(verdictOf("local blocks")).toBe("yes");
      expect(verdictOf("majority of a block")).toBe("yes");
      expect(verdictOf("grow with depth")).toBe("yes");
      expect(verdictOf("put together at random")).toBe("no");
      expect(verdictOf("share out the lattice")).toBe("yes");
      expect(verdictOf("top layer reconstructs")).toBe("yes");

      const [id] = readdirSync(join(folder, "a", "runs"));
      const run = join(folder, "a", "runs", id);
      const fields = parseCsv(
        readFileSync(join(run, "receptive_fields.csv"), "utf8"),
        "receptive_fields.csv",
      );
      const layer1 = fields.rows.filter((row) => row["layer"] === "1");
      const local = layer1.filter(
        (row) => Number(row["participation_ratio"]) < 30 && Number(row["core_radius"]) < 4,
      );
      expect(layer1).toHaveLength(64);
      expect(local.length / 64).toBeGreaterThanOrEqual(0.9);

      const figures = ["losses", "receptive-fields-1", "receptive-fields-2", "tiling", "reconstructions"];
      for (const name of figures) {
        for (const kind of ["csv", "svg", "png"]) {
          const [own, copied] = [run, join(folder, "a")].map((at) =>
            readFileSync(join(at, "figures", `${name}.${kind}`)),
          );
          expect(copied.equals(own)).toBe(true);
        }
      }
      const manifest = JSON.parse(readFileSync(join(run, "manifest.json"), "utf8")) as {
        status: string;
      };
      expect(manifest.status).toBe("finished");

      const page = readFileSync(join(folder, "a", "report.html"), "utf8");
      expect(page.match(/<figure>/g)!.length).toBe(readdirSync(join(folder, "a", "figures")).length / 3);
      expect(page).toContain("rbm-rg reproduce mehta-schwab --scale smoke -o a");
      expect(page).not.toMatch(/(src|href)="(?!data:)/);

      const again = rbmRg(folder, "reproduce", "mehta-schwab", "--scale", "smoke", "-o", "a", "--json");
      expect(again).toEqual({ ...first, stderr: again.stderr });
      expect(rbmRg(folder, "reproduce", "mehta-schwab", "-o", "a").stderr).toMatch(/no longer asks for/);
      const file = join(root, "configs", "studies", "mehta-schwab.yaml");
      const status = rbmRg(folder, "sweep", "status", file, "--scale", "smoke", "-o", "a").stdout;
      expect(status).toMatch(/1 task.* 1 done/);
    });
  });
});
