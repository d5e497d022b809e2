import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The house's layers, top to bottom. A file may import from its own layer and from those below it. */
const layers = ["cli", "studies", "sweep", "experiment", "report", "runs", "analysis", "rbm", "ising"];

/** The ground floor: these may use one another, and nothing above. */
const ground = ["statistics", "random", "kernels", "io", "errors"];

/** Only the command line may write to the terminal, read a clock or end the process. */
const pureOfProcess = {
  "no-console": "error",
  "no-restricted-globals": [
    "error",
    { name: "process", message: "Only cli/ and io/ talk to the process; pass the value in." },
    { name: "Date", message: "Clocks are passed in (see experiment/environment.ts)." },
    { name: "performance", message: "Clocks are passed in (see experiment/environment.ts)." },
  ],
};

/** Correctly rounded on every engine, hence allowed; every other Math function may differ in the last bit. */
const exactMath = new Set("abs ceil clz32 floor fround imul max min round sign sqrt trunc PI".split(" "));
const inexactMath = Object.getOwnPropertyNames(Math)
  .filter((name) => typeof Math[name] === "function" && !exactMath.has(name))
  .map((property) => ({
    object: "Math",
    property,
    message: "Engines may differ in the last bit: use kernels/elementary.ts.",
  }));

const layerRules = layers.concat(ground).map((layer) => {
  const above = ground.includes(layer) ? layers : layers.slice(0, layers.indexOf(layer));
  return {
    files: [`src/${layer}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: above.map((name) => ({
            regex: `^(\\.\\./)+${name}/`,
            message: `Imports point down: ${layer}/ must not know ${name}/.`,
          })),
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ["dist/", "build/", "coverage/", "results/", "node_modules/", "src/kernels/wasm/assembly/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-properties": ["error", ...inexactMath],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "max-lines": ["error", { max: 400 }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  { files: ["src/**/*.ts"], ignores: ["src/cli/**", "src/io/**"], rules: pureOfProcess },
  ...layerRules,
  {
    files: ["test/**/*.ts", "*.config.ts"],
    rules: { "no-restricted-properties": "off", "no-restricted-exports": "off", "max-lines": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", setTimeout: "readonly" },
    },
  },
);
