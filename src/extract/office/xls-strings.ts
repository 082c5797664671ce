/**
 * Reads through the pieces of a record that continues in others (MS-XLS 2.5.296): the characters of a string may go on
 * in the next piece, which then begins with a byte that says how wide they are there.
 */
export class PieceReader {
  readonly #pieces: readonly Buffer[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
  }

  get done(): boolean {
    this.#settle();
    return this.#piece >= this.#pieces.length;
  }

  u8(): number {
    this.#settle();
    const value = this.#pieces[this.#piece]?.[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  skip(count: number): void {
    let left = count;
    while (left > 0 && !this.done) {
      const step = Math.min(left, (this.#pieces[this.#piece]?.length ?? 0) - this.#at);
      this.#at += step;
      left -= step;
    }
  }

  /** Characters of an unformatted string; `wide` as its flags say for the first piece. */
  characters(count: number, wide: boolean): string {
    let text = "";
    let left = count;
    let two = wide;
    while (left > 0 && !this.done) {
      const piece = this.#pieces[this.#piece] ?? Buffer.alloc(0);
      const width = two ? 2 : 1;
      const available = Math.floor((piece.length - this.#at) / width);
      const step = Math.min(left, available);
      text += piece.toString(two ? "utf16le" : "latin1", this.#at, this.#at + step * width);
      this.#at += step * width;
      left -= step;
      if (left > 0) {
        if (this.#piece + 1 >= this.#pieces.length) break;
        this.#piece += 1;
        this.#at = 1;
        two = ((this.#pieces[this.#piece]?.[0] ?? 0) & 1) === 1;
      }
    }
    return text;
  }

  /** XLUnicodeRichExtendedString (2.5.293). */
  richString(): string {
    const count = this.u16();
    const flags = this.u8();
    const runs = (flags & 8) !== 0 ? this.u16() : 0;
    const extra = (flags & 4) !== 0 ? this.u32() : 0;
    const text = this.characters(count, (flags & 1) === 1);
    this.skip(runs * 4 + extra);
    return text;
  }

  #settle(): void {
    while (this.#piece < this.#pieces.length && this.#at >= (this.#pieces[this.#piece]?.length ?? 0)) {
      this.#piece += 1;
      this.#at = 0;
    }
  }
}
