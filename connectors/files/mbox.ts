const NEWLINE = 0x0a;

/**
 * Splits a mailbox file (RFC 4155) into its messages, as bytes. A message begins at a line `From ` after an empty line
 * or at the start; `>From ` lines, with any number of `>`, lose one (mboxrd). Holds one message in memory at a time.
 */
export async function* splitMbox(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let message: Buffer[] | undefined;
  let afterEmpty = true;
  for await (const line of lines(stream)) {
    if (afterEmpty && line.subarray(0, 5).toString("latin1") === "From ") {
      if (message) yield Buffer.concat(message);
      message = [];
      afterEmpty = false;
      continue;
    }
    afterEmpty = isEmpty(line);
    message?.push(unquoted(line));
  }
  if (message) yield Buffer.concat(message);
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...begun, bytes.subarray(from, end + 1)]);
      begun = [];
      from = end + 1;
    }
    if (from < bytes.length) begun.push(bytes.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}

function isEmpty(line: Buffer): boolean {
  return line.length <= 2 && /^\r?\n?$/.test(line.toString("latin1"));
}

function unquoted(line: Buffer): Buffer {
  return /^>+From /.test(line.toString("latin1", 0, 64)) ? line.subarray(1) : line;
}
