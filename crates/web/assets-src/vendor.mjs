// Copies what is vendored as it stands (never edited) from node_modules, with its licence.
import { copyFileSync, mkdirSync } from "node:fs";

const assets = "../assets/";
const licences = `${assets}licences/`;
const e2e = "../../../e2e/vendor/";
mkdirSync(licences, { recursive: true });
mkdirSync(e2e, { recursive: true });

for (const [from, to] of [
  ["htmx.org/dist/htmx.min.js", `${assets}htmx.min.js`],
  ["htmx.org/LICENSE", `${licences}htmx.txt`],
  ["axe-core/axe.min.js", `${e2e}axe.min.js`],
  ["axe-core/LICENSE", `${e2e}axe-core-LICENSE.txt`],
]) {
  copyFileSync(`node_modules/${from}`, to);
}
