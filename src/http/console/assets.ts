import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Style sheets, from the packages and our own few rules, and the icon; nothing comes from another host. */
export const ASSETS: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  "pico.css": {
    type: "text/css; charset=utf-8",
    body: readFileSync(fileURLToPath(import.meta.resolve("@picocss/pico/css/pico.min.css")), "utf8"),
  },
  "console.css": {
    type: "text/css; charset=utf-8",
    body: `
figure { overflow-x: auto }
nav { flex-wrap: wrap }
td form { display: flex; gap: 0.5rem; margin: 0; align-items: center }
td form > * { margin: 0; width: auto; padding: 0.25rem 0.6rem }
header form, header form button { margin: 0 }
mark.warn { background: #fff3bf }
mark.must-encrypt { background: #ffe8cc }
mark.quarantine { background: #ffd8a8 }
mark.block { background: #ffc9c9 }
`,
  },
  "icon.svg": {
    type: "image/svg+xml",
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#1d4e89" d="M1 15V1h14v14h-3V9a4 4 0 0 0-8 0v6z"/><circle cx="9.8" cy="11" r=".9" fill="#1d4e89"/></svg>`,
  },
};
