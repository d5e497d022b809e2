import { expect, it, vi } from "vitest";
import { ResourceError } from "../../../src/errors/index.js";
import { svgToPng } from "../../../src/report/figures/render.js";

vi.mock("@resvg/resvg-js", () => {
  throw new Error("librt.so.1: cannot open shared object file");
});

it("says what is missing where the library that draws cannot be loaded", async () => {
  const drawn = svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 1);
  await expect(drawn).rejects.toBeInstanceOf(ResourceError);
  await expect(drawn).rejects.toThrow(/no pictures can be drawn here: .*Install what is missing/);
});
