/** What the dictionary holds at the beginning (MS-OXRTFCP 2.1.2.1). */
const INITIAL =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const WINDOW = 4096;

/** Unpacks the RTF body of Outlook items (MS-OXRTFCP). Null when it is none; a cut stream gives what is there. */
export function decompressRtf(bytes: Buffer, maxOutput: number): Buffer | null {
  if (bytes.length < 16) return null;
  const type = bytes.readUInt32LE(8);
  if (type === UNCOMPRESSED) return bytes.subarray(16);
  if (type !== COMPRESSED) return null;
  const size = Math.min(bytes.readUInt32LE(4), maxOutput);
  const output = Buffer.alloc(Math.min(size, bytes.length * 18) + 18);
  const window = Buffer.alloc(WINDOW, 0x20);
  window.write(INITIAL, "latin1");
  let write = INITIAL.length;
  let length = 0;
  let at = 16;
  const put = (value: number) => {
    output[length] = value;
    length += 1;
    window[write] = value;
    write = (write + 1) % WINDOW;
  };
  while (at < bytes.length && length < size) {
    const control = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.length && length < size; bit += 1) {
      if (((control >> bit) & 1) === 0) {
        put(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      if (at + 2 > bytes.length) break;
      const token = bytes.readUInt16BE(at);
      at += 2;
      const offset = token >> 4;
      if (offset === write) return output.subarray(0, length);
      const run = (token & 15) + 2;
      for (let index = 0; index < run && length < output.length; index += 1)
        put(window[(offset + index) % WINDOW] ?? 0);
    }
  }
  return output.subarray(0, length);
}
