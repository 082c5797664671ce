import type { Budget } from "../budget.ts";
import { decodeBytes } from "./charset.ts";

export interface RtfText {
  readonly text: string;
  /** Embedded objects and pictures, decoded from hexadecimal. */
  readonly objects: readonly Buffer[];
  /** Groups were not closed. */
  readonly open: boolean;
}

/** Destinations without text of the user (RTF 1.9.1): tables of fonts, colours and styles, and what is read otherwise. */
const SILENT = new Set(
  "fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore xmlnstbl revtbl filetbl mmathPr fchars lchars panose falt blipuid pgptbl wgrffmtfilter".split(
    " ",
  ),
);
const DATA = new Set(["pict", "objdata"]);
const BREAKS = new Set(["par", "line", "sect", "page", "row", "column", "softline", "nestrow"]);
const SYMBOLS: Readonly<Record<string, string>> = {
  tab: "\t",
  cell: "\t",
  nestcell: "\t",
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  emspace: " ",
  enspace: " ",
  qmspace: " ",
};
const CODE_PAGES: Readonly<Record<number, number>> = {
  0: 1252,
  128: 932,
  129: 949,
  130: 1361,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
};
/** Bytes of objects and pictures that are kept, altogether. */
const MAX_OBJECTS = 64 * 1024 * 1024;

interface Group {
  readonly silent: boolean;
  readonly data: boolean;
  readonly unicodeSkip: number;
  readonly font: number;
}

const TOKEN = /\\([a-zA-Z]{1,40})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\/g;

/** Text of an RTF document, also of its headers, notes, comments, field codes and deleted or hidden passages. */
export function rtfToText(source: string, budget: Budget): RtfText {
  const output: string[] = [];
  const objects: Buffer[] = [];
  const groups: Group[] = [];
  let group: Group = { silent: false, data: false, unicodeSkip: 1, font: -1 };
  const fonts = new Map<number, number>();
  let codePage = 1252;
  let fontDefined = -1;
  let pending: number[] = [];
  let hex: string[] = [];
  let objectBytes = 0;
  let skip = 0;

  const flush = () => {
    if (pending.length === 0) return;
    const page = fonts.get(group.font) ?? codePage;
    output.push(decodeBytes(Buffer.from(pending), page === 65001 ? "utf-8" : `cp${page}`).text);
    pending = [];
  };
  const endData = () => {
    const bytes = Buffer.from(hex.join("").replace(/[^0-9a-fA-F]/g, ""), "hex");
    hex = [];
    if (bytes.length > 16) objects.push(bytes);
  };
  const control = (word: string, value: number | null): void => {
    if (BREAKS.has(word)) output.push("\n");
    else if (SYMBOLS[word] !== undefined && !group.silent) output.push(SYMBOLS[word]);
    else if (word === "u" && value !== null) {
      if (!group.silent) output.push(String.fromCharCode(value & 0xffff));
      skip = group.unicodeSkip;
    } else if (word === "uc") group = { ...group, unicodeSkip: Math.min(10, Math.max(0, value ?? 1)) };
    else if (word === "ansicpg" && value !== null) codePage = value === 0 ? 1252 : value;
    else if (word === "mac") codePage = 10000;
    else if (word === "f" && value !== null) {
      group = { ...group, font: value };
      fontDefined = value;
    } else if (word === "fcharset" && value !== null) {
      const page = CODE_PAGES[value];
      if (page !== undefined && value !== 0) fonts.set(fontDefined, page);
    } else if (SILENT.has(word)) group = { ...group, silent: true };
    else if (DATA.has(word)) group = { ...group, silent: true, data: true };
  };

  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(source); match !== null; match = tokens.exec(source)) {
    budget.checkTime();
    const [, word, number, byte, symbol, brace, text] = match;
    if (byte !== undefined) {
      if (skip > 0) skip -= 1;
      else if (!group.silent) pending.push(Number.parseInt(byte, 16));
      continue;
    }
    if (text !== undefined) {
      if (group.data) {
        objectBytes += text.length / 2;
        if (objectBytes < MAX_OBJECTS) hex.push(text);
      } else if (!group.silent) {
        const kept = text.slice(Math.min(skip, text.length));
        for (const char of kept) pending.push(char.charCodeAt(0) & 255);
      }
      skip = 0;
      continue;
    }
    flush();
    if (brace === "{") {
      groups.push(group);
      if (group.data) group = { ...group, data: false };
      skip = 0;
    } else if (brace === "}") {
      if (hex.length > 0) endData();
      group = groups.pop() ?? group;
      skip = 0;
    } else if (symbol !== undefined) {
      if (symbol === "~" && !group.silent) output.push("\u00a0");
      else if (symbol === "_" && !group.silent) output.push("-");
      else if (/[\\{}]/.test(symbol) && !group.silent) output.push(symbol);
      else if (symbol === "\n" || symbol === "\r") output.push("\n");
    } else if (word === "bin") {
      const end = tokens.lastIndex + Math.max(0, Number(number ?? 0));
      if (group.data) objects.push(Buffer.from(source.slice(tokens.lastIndex, end), "latin1"));
      tokens.lastIndex = Math.min(end, source.length);
    } else if (word !== undefined) control(word, number === undefined ? null : Number(number));
  }
  flush();
  if (hex.length > 0) endData();
  return {
    text: output
      .join("")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
    objects,
    open: groups.length > 0,
  };
}
