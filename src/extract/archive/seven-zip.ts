import { displayName } from "../part-name.ts";
import type { Reading } from "../reading.ts";
import { Unreadable } from "../unreadable.ts";
import { isRarVolume } from "./rar-volume.ts";
import { runSevenZip } from "./seven-zip-run.ts";

/** Which members of an archive are wanted. */
export type SevenZipFilter = (name: string) => boolean;

/** Archives that 7-Zip knows: 7z, rar, cab, xz, bzip2, zstd, lzma, Z, cpio, iso, arj, lzh, rpm, wim, ... */
export async function readWithSevenZip(reading: Reading): Promise<void> {
  await readMembersWithSevenZip(reading, () => true);
}

export async function readMembersWithSevenZip(reading: Reading, wanted: SevenZipFilter): Promise<void> {
  if (isRarVolume(reading.file.bytes)) {
    reading.problem("corrupt", "one volume of several; what the others hold of the archive is not here");
  }
  const outcome = await runSevenZip(reading.file.bytes, reading.budget, reading.passwords);
  if (outcome.unlocked) reading.unlocked();
  let found = 0;
  for (const member of outcome.members) {
    if (!wanted(member.name)) continue;
    found += 1;
    await reading.member({
      name: memberName(member.name, reading.file.name),
      size: member.size,
      open: () => member.open(),
    });
    if (member.damaged) reading.problem("corrupt", "the member is damaged", displayName(member.name));
  }
  if (outcome.problem !== null) reading.problem(outcome.problem.code, outcome.problem.detail);
  else if (found === 0 && !outcome.empty) throw new Unreadable("corrupt", "no member of the archive could be read");
}

/** Packers of one file keep no name: it is the archive's without its ending. */
function memberName(name: string, archive: string | null): string {
  if (name !== "input" && name !== "input~") return name;
  return (
    archive?.replace(/\.(xz|bz2|zst|lz4|lzma|lz|z|gz)$/i, "").replace(/\.t(bz2?|xz|zst|gz)$/i, ".tar") ?? "content"
  );
}
