import type { SevenZipModule, SevenZipModuleFactory } from "7z-wasm";
import SevenZip from "7z-wasm";
import type { ProblemCode } from "../../core/part.ts";
import type { Budget } from "../budget.ts";
import { Unreadable } from "../unreadable.ts";

export interface SevenZipMember {
  readonly name: string;
  readonly size: number;
  /** What could be unpacked of it is not all, or not right. */
  readonly damaged: boolean;
  /** @throws Unreadable */
  open(): Buffer;
}

export interface SevenZipOutcome {
  readonly members: readonly SevenZipMember[];
  /** What is wrong with the archive as a whole. */
  readonly problem: { readonly code: ProblemCode; readonly detail: string } | null;
  /** A sound archive without members. */
  readonly empty: boolean;
  /** One of the passwords opened it. */
  readonly unlocked: boolean;
}

// The package's types describe an ES module, its file is CommonJS.
const createSevenZip = SevenZip as unknown as SevenZipModuleFactory;

const INPUT = "/input";
const OUTPUT = "/output";
/** 7-Zip asks on the terminal when it has no password; nobody uses this one. */
const NO_PASSWORD = "\u0001none";

/**
 * Unpacks an archive with 7-Zip, compiled to WebAssembly: its file system is memory of this process, and it cannot
 * reach files, the network or other processes. Passwords are tried one after another.
 */
export async function runSevenZip(
  bytes: Buffer,
  budget: Budget,
  passwords: readonly string[],
): Promise<SevenZipOutcome> {
  let outcome = await unpackOnce(bytes, budget, NO_PASSWORD);
  for (const password of passwords) {
    if (!outcome.encrypted) break;
    const next = await unpackOnce(bytes, budget, password);
    if (!next.encrypted) outcome = { ...next, unlocked: true };
  }
  return outcome;
}

async function unpackOnce(
  bytes: Buffer,
  budget: Budget,
  password: string,
): Promise<SevenZipOutcome & { readonly encrypted: boolean }> {
  const output: string[] = [];
  const collect = (line: string) => {
    if (output.length < 10_000) output.push(line);
  };
  const module = await createSevenZip({ print: collect, printErr: collect, quit: () => {} });
  const stop = limitWrites(module, budget, bytes.length);
  module.FS.writeFile(INPUT, bytes);
  let failure: unknown = null;
  try {
    module.callMain(["x", "-y", `-p${password}`, `-o${OUTPUT}`, INPUT]);
  } catch (error) {
    failure = error;
  }
  if (stop.reason !== null) failure = stop.reason;
  const errors = readErrors(output);
  // With the wrong key for a hidden directory the program ends without a word.
  if (failure !== null && stop.reason === null && hidesItsNames(bytes)) errors.general.push("encrypted");
  const members = listFiles(module, OUTPUT).map((path) => toMember(module, path, errors));
  // What could not be unpacked at all left no file.
  for (const [name, code] of errors.byName) {
    if (!members.some((member) => member.name === name)) members.push(missingMember(name, code));
  }
  const encrypted = [...errors.byName.values(), ...errors.general].some((code) => code === "encrypted");
  if (!budget.exhausted) budget.expand(Math.min(stop.written(), budget.expandable));
  return {
    members,
    encrypted,
    unlocked: false,
    problem: archiveProblem(failure, errors),
    empty:
      members.length === 0 &&
      errors.general.length === 0 &&
      output.some((line) => /^(Everything is Ok|No files to process)/.test(line)),
  };
}

/** Stops the program when it has written as much as the budget allows, or for as long. */
function limitWrites(module: SevenZipModule, budget: Budget, packed: number) {
  const limit = budget.outputLimit(packed);
  const write = module.FS.write;
  let written = -packed;
  const stop = { reason: null as Unreadable | null, written: () => Math.max(0, written) };
  module.FS.write = (stream, buffer, offset, length, position, canOwn) => {
    written += length;
    if (written > limit) stop.reason ??= new Unreadable("too-large", "the archive expands to more than is allowed");
    try {
      budget.checkTime();
    } catch (error) {
      stop.reason ??= error as Unreadable;
    }
    if (stop.reason !== null) throw stop.reason;
    return write(stream, buffer, offset, length, position, canOwn);
  };
  return stop;
}

interface Errors {
  readonly byName: ReadonlyMap<string, ProblemCode>;
  readonly general: ProblemCode[];
}

const AES_CODER = Buffer.from([0x06, 0xf1, 0x07, 0x01]);
const ENCODED_HEADER = 0x17;

/** Whether a 7z archive's directory is encrypted: an encoded header that names the AES coder (7zFormat.txt). */
function hidesItsNames(bytes: Buffer): boolean {
  if (bytes.length < 32 || bytes.toString("latin1", 0, 2) !== "7z") return false;
  const start = 32 + Number(bytes.readBigUInt64LE(12));
  const header = bytes.subarray(start, start + Number(bytes.readBigUInt64LE(20)));
  return header[0] === ENCODED_HEADER && header.includes(AES_CODER);
}

function readErrors(lines: readonly string[]): Errors {
  const byName = new Map<string, ProblemCode>();
  const general: ProblemCode[] = [];
  for (const line of lines) {
    const [, first, second] = /^ERROR: (.+?) : (.+)$/.exec(line) ?? [];
    if (first === INPUT && second !== undefined) general.push(errorCode(second));
    else if (first !== undefined && second !== undefined) byName.set(second, errorCode(first));
    else if (ARCHIVE_ERROR.test(line)) general.push(errorCode(line));
  }
  return { byName, general };
}

/** Lines about the archive as a whole. */
const ARCHIVE_ERROR =
  /^(ERRORS?|Open ERROR|Can't open|Cannot open|Unexpected end|Headers Error|Missing volume|Unavailable|Is not archive|Data Error|CRC Failed|Wrong password|Unsupported)/i;

function errorCode(line: string): ProblemCode {
  if (/password|encrypted/i.test(line)) return "encrypted";
  if (/unsupported/i.test(line)) return "unsupported";
  return "corrupt";
}

function archiveProblem(failure: unknown, errors: Errors): SevenZipOutcome["problem"] {
  if (failure instanceof Unreadable) return { code: failure.code, detail: failure.message };
  const code = errors.general.find((general) => general === "encrypted") ?? errors.general[0];
  if (code === "encrypted") return { code, detail: "the archive needs a password" };
  if (code === "unsupported") return { code, detail: "the archive uses a method that is not supported" };
  if (code !== undefined || failure !== null)
    return { code: "corrupt", detail: "the archive is damaged or incomplete" };
  return null;
}

function listFiles(module: SevenZipModule, folder: string): string[] {
  let names: string[];
  try {
    names = module.FS.readdir(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name !== "." && name !== "..")
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      const { mode } = module.FS.lstat(path);
      if (module.FS.isDir(mode)) return listFiles(module, path);
      return module.FS.isFile(mode) ? [path] : [];
    });
}

function toMember(module: SevenZipModule, path: string, errors: Errors): SevenZipMember {
  const name = path.slice(OUTPUT.length + 1);
  const error = errors.byName.get(name);
  const { size } = module.FS.lstat(path);
  return {
    name,
    size,
    damaged: error === "corrupt",
    open() {
      if (error !== undefined && (error !== "corrupt" || size === 0))
        throw new Unreadable(error, MEMBER_DETAIL[error] ?? "the member is damaged");
      const data = module.FS.readFile(path);
      module.FS.unlink(path);
      return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    },
  };
}

function missingMember(name: string, code: ProblemCode): SevenZipMember {
  return {
    name,
    size: 0,
    damaged: false,
    open() {
      throw new Unreadable(code, MEMBER_DETAIL[code] ?? "the member is damaged");
    },
  };
}

const MEMBER_DETAIL: Readonly<Partial<Record<ProblemCode, string>>> = {
  encrypted: "the archive's member needs a password",
  unsupported: "the member is packed with a method that is not supported",
};
