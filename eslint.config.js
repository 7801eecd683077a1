import { defineConfig, globalIgnores } from "eslint/config";
import { configs, parser } from "typescript-eslint";

const TYPED = ["**/*.ts"];
const TESTS = ["test/**/*.ts"];
/** Globals of Node that browsers lack; `sdk-runs-in-browsers` in .dependency-cruiser.js forbids Node's modules. */
const NODE_GLOBALS = ["Buffer", "process", "global", "require", "module", "__dirname", "__filename", "setImmediate"];

export default defineConfig(
  globalIgnores(["artifacts/", "cache/", "coverage/", "demo-out/", "**/dist/", "sdk/abi/"]),
  configs.strict,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file that exports it." },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: true }],
      "@typescript-eslint/max-params": ["error", { max: 4 }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Needed for indexes that a loop or a length check has validated.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: TYPED,
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { disallowTypeAnnotations: false, fixStyle: "inline-type-imports" },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/only-throw-error": "error",
      // `AbortSignal.reason` has type any.
      "@typescript-eslint/prefer-promise-reject-errors": [
        "error",
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    // Tests assert on untyped values, and chai's assertions are expressions.
    files: TESTS,
    rules: {
      "max-lines": ["error", { max: 500, skipBlankLines: true }],
      "@typescript-eslint/max-params": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    // Codes defined by zod and SQLite: the default case handles codes added by later versions.
    files: ["sdk/job-file/job-file-issues.ts", "trainer/journal/sqlite.ts"],
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["sdk/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...NODE_GLOBALS.map((name) => ({ name, message: "The sdk runs in browsers, which do not have it." })),
      ],
      "no-restricted-properties": [
        "error",
        ...NODE_GLOBALS.map((property) => ({ object: "globalThis", property, message: "Browsers do not have it." })),
      ],
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: { globals: { process: "readonly", URL: "readonly", console: "readonly" } },
  },
);
