/* ESLint's recommended rules, and those of OCA's repositories that find mistakes. */
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
  js.configs.recommended,
  {
    // A program that a test starts with Node.
    files: ["**/tests/standard/*.js"],
    languageOptions: {sourceType: "commonjs", globals: globals.node},
  },
  {
    ignores: ["**/tests/standard/*.js"],
    languageOptions: {
      ecmaVersion: 2024,
      // Odoo turns every file of a bundle into a module of its own.
      sourceType: "module",
      globals: {...globals.browser, odoo: "readonly", owl: "readonly", luxon: "readonly"},
    },
    linterOptions: {reportUnusedDisableDirectives: "error"},
    rules: {
      "array-callback-return": "error",
      "dot-notation": "error",
      eqeqeq: "error",
      "init-declarations": "error",
      "no-alert": "error",
      "no-caller": "error",
      "no-duplicate-imports": "error",
      "no-empty-function": "error",
      "no-eval": "error",
      "no-extend-native": "error",
      "no-implied-eval": "error",
      "no-lonely-if": "error",
      "no-new-func": "error",
      "no-return-assign": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", {functions: false}],
      "no-var": "error",
      "prefer-const": "error",
      radix: "error",
    },
  },
];
