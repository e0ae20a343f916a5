/* The style of OCA's repositories. The plugin is found through NODE_PATH. */
module.exports = {
  plugins: [require.resolve("@prettier/plugin-xml")],
  bracketSpacing: false,
  printWidth: 88,
  trailingComma: "es5",
  xmlSelfClosingSpace: true,
  xmlWhitespaceSensitivity: "strict",
  overrides: [{files: ["*.js", "*.xml", "*.scss", "*.css"], options: {tabWidth: 4}}],
};
