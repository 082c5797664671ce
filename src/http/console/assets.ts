import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Style sheets, from the packages and our own few rules; nothing comes from another host. */
export const ASSETS: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  "pico.css": {
    type: "text/css; charset=utf-8",
    body: readFileSync(fileURLToPath(import.meta.resolve("@picocss/pico/css/pico.min.css")), "utf8"),
  },
  "console.css": {
    type: "text/css; charset=utf-8",
    body: `
td form { display: flex; gap: 0.5rem; margin: 0; align-items: center }
td form > * { margin: 0; width: auto; padding: 0.25rem 0.6rem }
header form, header form button { margin: 0 }
mark.warn { background: #fff3bf }
mark.must-encrypt { background: #ffe8cc }
mark.quarantine { background: #ffd8a8 }
mark.block { background: #ffc9c9 }
`,
  },
};
