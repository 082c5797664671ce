import { Tokenizer, type TokenizerCallbacks } from "htmlparser2";
import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";

/** What a walk over HTML or XML hears of, in document order. */
export interface MarkupHandler {
  /** Name as written (XML) or in lower case (HTML). `attribute` is valid during the call only. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(name: string): void;
  text(text: string): void;
  comment?(text: string, closed: boolean): void;
}

/**
 * Walks markup without building a tree and without a stack, so that depth costs nothing.
 * Entities of HTML or the five of XML are decoded; declared ones are not, and a document type is never fetched.
 */
export function walkMarkup(source: string, xml: boolean, budget: Budget, handler: MarkupHandler): void {
  let nodes = 0;
  let name = "";
  let pendingTag = -1;
  let attribute = "";
  let value = "";
  let attributes = new Map<string, string>();

  const opened = () => {
    pendingTag = -1;
    nodes += 1;
    if (nodes > budget.limits.markupNodes) throw new Unreadable("too-many", "the document has too many tags");
    budget.checkTime();
    handler.open(name, attributes);
    if (attributes.size > 0) attributes = new Map();
  };

  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      pendingTag = start;
      name = xml ? source.slice(start, end) : source.slice(start, end).toLowerCase();
    },
    onopentagend: opened,
    onselfclosingtag() {
      opened();
      if (xml) handler.close(name);
    },
    onclosetag(start, end) {
      const closed = source.slice(start, end);
      handler.close(xml ? closed : closed.toLowerCase());
    },
    onattribname(start, end) {
      attribute = xml ? source.slice(start, end) : source.slice(start, end).toLowerCase();
      value = "";
    },
    onattribdata(start, end) {
      value += source.slice(start, end);
    },
    onattribentity(codePoint) {
      value += String.fromCodePoint(codePoint);
    },
    onattribend() {
      if (!attributes.has(attribute)) attributes.set(attribute, value);
    },
    ontext(start, end) {
      handler.text(source.slice(start, end));
    },
    ontextentity(codePoint) {
      handler.text(String.fromCodePoint(codePoint));
    },
    oncdata(start, end, endOffset) {
      handler.text(source.slice(start, end - endOffset));
    },
    oncomment(start, end, endOffset) {
      handler.comment?.(source.slice(start, end - endOffset), endOffset > 0);
    },
    ondeclaration() {},
    onprocessinginstruction() {},
    onend() {},
  };
  const tokenizer = new Tokenizer({ xmlMode: xml, decodeEntities: true }, callbacks);
  tokenizer.write(source);
  tokenizer.end();
  // A tag that never ends, for instance behind an open quote, hides all that follows it.
  if (pendingTag !== -1) handler.comment?.(source.slice(pendingTag), false);
}
