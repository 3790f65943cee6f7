// Bundles each folder of src/ into the package: src/reference/ becomes reference-<hash>.js and .css.
// manifest.json says which file is which; it is written last, and make looks at it alone.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { adoptStyles } from "./adopt.js";
import { compress } from "./compress.js";
import { styleHashes } from "./styles.js";

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
  plugins: [adoptStyles],
  logLevel: "warning",
});

// What is bundled is passed on, and its licence with it.
const packages = Object.keys(metafile.inputs).map((each) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.[1]);
for (const name of new Set(packages.filter(Boolean))) {
  const licence = join(out, `${name.replace("/", "-")}.LICENSE`);
  if (existsSync(`node_modules/${name}/LICENSE`)) {
    cpSync(`node_modules/${name}/LICENSE`, licence);
  } else {
    const { license, author, homepage } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
    writeFileSync(licence, `${name}: ${license}, ${author}, ${homepage}\n`);
  }
}

/** The modules in a bundle, and in the chunks that it loads with it. */
function modulesOf(file, seen = new Set()) {
  seen.add(file);
  const { inputs, imports } = metafile.outputs[file];
  const chunks = imports.filter(({ kind, path }) => kind === "import-statement" && !seen.has(path));
  return [...Object.keys(inputs), ...chunks.flatMap(({ path }) => modulesOf(path, seen))];
}

const manifest = {};
for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
  const name = entries.find((each) => entryPoint === `src/${each}/index.js`);
  if (!name) continue;
  manifest[`${name}.js`] = basename(file);
  manifest[`${name}.styles`] = await styleHashes(modulesOf(file));
  if (cssBundle) manifest[`${name}.css`] = basename(cssBundle);
}
compress(out);
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
