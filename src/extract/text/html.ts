import type { Budget } from "../budget.ts";
import { walkMarkup } from "./markup.ts";

export interface HtmlText {
  /** What a reader sees, in reading order. */
  readonly visible: string;
  /** What the page carries without showing it: comments, hidden elements, scripts, attribute texts, link targets. */
  readonly hidden: string;
  /** `data:` addresses: files inside the page. */
  readonly embedded: readonly string[];
}

/** Elements that begin and end a line. All others join their text to what surrounds them. */
const BLOCKS = new Set(
  (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main menu nav ol optgroup option p pre section " +
    "select summary table tbody textarea tfoot thead title tr ul br"
  ).split(" "),
);
const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
const UNSHOWN = new Set(["script", "style", "template", "noscript", "noframes"]);
/** Attributes whose values people read, or that carry data out. */
const TEXT_ATTRIBUTES = [
  "alt",
  "title",
  "value",
  "placeholder",
  "aria-label",
  "content",
  "href",
  "src",
  "srcdoc",
  "action",
];
const HIDING = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])/i;

/** HTML to text, in one pass (WHATWG HTML, as browsers read it, without scripts). */
export function htmlToText(source: string, budget: Budget): HtmlText {
  const visible: string[] = [];
  const hidden: string[] = [];
  const embedded: string[] = [];
  let preformatted = 0;
  /** The element that hides its content, and how many of its name are open. */
  let hider = "";
  let hiderDepth = 0;

  walkMarkup(source, false, budget, {
    open(name, attributes) {
      for (const attribute of TEXT_ATTRIBUTES) {
        const value = attributes.get(attribute);
        if (value === undefined || value === "") continue;
        if (/^\s*data:/i.test(value)) embedded.push(value.trim());
        else hidden.push(value, "\n");
      }
      if (hiderDepth > 0) {
        if (name === hider) hiderDepth += 1;
        if (BLOCKS.has(name)) hidden.push("\n");
        return;
      }
      if (
        UNSHOWN.has(name) ||
        (HIDING.test(attributes.get("style") ?? "") && !VOID.has(name)) ||
        hides(name, attributes)
      ) {
        hider = name;
        hiderDepth = 1;
        return;
      }
      if (name === "pre" || name === "textarea") preformatted += 1;
      if (name === "td" || name === "th") visible.push("\t");
      else if (BLOCKS.has(name)) visible.push("\n");
    },
    close(name) {
      if (hiderDepth > 0) {
        if (name === hider) hiderDepth -= 1;
        if (hiderDepth === 0) hidden.push("\n");
        return;
      }
      if ((name === "pre" || name === "textarea") && preformatted > 0) preformatted -= 1;
      if (BLOCKS.has(name)) visible.push("\n");
    },
    text(text) {
      const flow = hiderDepth > 0 ? hidden : visible;
      flow.push(preformatted > 0 || hiderDepth > 0 ? text : text.replace(/[ \t\r\n\f]+/g, " "));
    },
    comment(text) {
      hidden.push(text, "\n");
    },
  });
  return { visible: tidy(visible.join("")), hidden: tidy(hidden.join("")), embedded };
}

function hides(name: string, attributes: ReadonlyMap<string, string>): boolean {
  return attributes.has("hidden") && !VOID.has(name);
}

function tidy(text: string): string {
  return text
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/(^|\n)\t/g, "$1")
    .trim();
}
