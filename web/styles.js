// The <style> elements that media-chrome still puts into its shadow roots (see adopt.js), for the
// content security policy: it names the hash of each, and so needs no 'unsafe-inline'.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const STYLE = /<style[^>]* media=[^>]*>([^]*?)<\/style>/g;

/** The sources for `style-src`, out of the modules of a bundle; "" when none has such elements. */
export async function styleHashes(modules) {
  const hashes = new Set();
  for (const module of modules.filter((each) => each.includes("node_modules/media-chrome/"))) {
    for (const element of Object.values(await import(pathToFileURL(resolve(module))))) {
      // What a server would send for the element is what its shadow root is made of.
      const html = element?.getTemplateHTML?.({}) ?? "";
      for (const [, css] of html.matchAll(STYLE)) hashes.add(hash(css));
    }
  }
  return [...hashes].sort().join(" ");
}

function hash(css) {
  return `'sha256-${createHash("sha256").update(css).digest("base64")}'`;
}
