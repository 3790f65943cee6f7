// Bundles each folder of src/ into the package: src/reference/ becomes reference-<hash>.js and .css.
// manifest.json says which file is which; it is written last, and make looks at it alone.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const out = "../src/playout/pages/static/build";
const entries = readdirSync("src");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const { metafile } = await build({
  entryPoints: entries.map((name) => ({ in: `src/${name}/index.js`, out: name })),
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

// What is bundled is passed on, and its licence with it.
for (const name of Object.keys(JSON.parse(readFileSync("package.json")).dependencies)) {
  cpSync(`node_modules/${name}/LICENSE`, join(out, `${name}.LICENSE`));
}

const manifest = {};
for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
  const name = entries.find((each) => entryPoint === `src/${each}/index.js`);
  if (name) manifest[`${name}.js`] = basename(file);
  if (name && cssBundle) manifest[`${name}.css`] = basename(cssBundle);
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
