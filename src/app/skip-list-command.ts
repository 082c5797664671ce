import { printSkipList, replaceSkipList } from "../cli/skip-list.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { readText } from "./read-text.ts";
import { serviceClient } from "./service-client.ts";

export function get(): Promise<0> {
  return printSkipList(serviceClient(), outputLine);
}

/** @param file words, separated by white space; `-` for standard input */
export function set(file: string): Promise<0 | 2> {
  return replaceSkipList(wordsOf(file), serviceClient(), outputLine, errorLine);
}

export function reset(): Promise<0 | 2> {
  return replaceSkipList("default", serviceClient(), outputLine, errorLine);
}

function wordsOf(file: string): readonly string[] {
  return readText(file)
    .split(/\s+/)
    .filter((word) => word !== "");
}
