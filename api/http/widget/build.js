// Bundles the widget: `npm run build`, or `node api/http/widget/build.js FOLDER` to write elsewhere.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(join(here, "../../../package.json"), "utf8"));

const CSS_TARGET = ["chrome93", "firefox94", "safari15.4"];

/**
 * Returns a sheet minified; the values of custom properties keep their spaces otherwise.
 * @param {string} path
 */
async function sheet(path) {
  const { code } = await transform(await readFile(path, "utf8"), {
    loader: "css",
    minify: true,
    target: CSS_TARGET,
  });
  return code.trim().replace(/(--[\w-]+[:,]) /g, "$1");
}

/** A `.css` file becomes a string, minified. */
const css = {
  name: "css",
  setup(on) {
    on.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await sheet(path), loader: "text" }));
  },
};

const folder = process.argv[2] ?? join(here, "dist");

/** @param {string} entry @param {string} name @param {"iife" | "esm"} format */
const bundle = (entry, name, format) =>
  build({
    entryPoints: [join(here, "src", entry)],
    outfile: join(folder, name),
    bundle: true,
    minify: true,
    format,
    target: "es2020",
    charset: "utf8",
    mangleProps: /^_/,
    define: { VERSION: JSON.stringify(version) },
    banner: { js: `/*! bulletin-qa widget ${version}, MIT */` },
    plugins: [css],
    logLevel: "warning",
  });

await bundle("script.js", "widget.js", "iife");
await bundle("module.js", "widget.mjs", "esm");
const both = ["launcher.css", "panel.css"].map((name) => sheet(join(here, "src", name)));
await writeFile(join(folder, "widget.css"), `${(await Promise.all(both)).join("")}\n`);
