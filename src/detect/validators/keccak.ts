const MASK = (1n << 64n) - 1n;
const RATE_BYTES = 136;
const ROUNDS = 24;

/** Rotations of the lanes in the order in which the pi step visits them (FIPS 202, section 3.2). */
const ROTATIONS = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const LANES = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

/**
 * Keccak-256 with the original padding, as Ethereum uses it; Node's sha3-256 pads otherwise. For messages shorter than
 * one block of 136 bytes, which is all that address checksums need. Returns the digest in hex.
 */
export function keccak256(message: string): string {
  const block = Buffer.alloc(RATE_BYTES);
  const length = block.write(message, "ascii");
  block[length] = 0x01;
  block[RATE_BYTES - 1] = (block[RATE_BYTES - 1] ?? 0) | 0x80;
  const state = new BigUint64Array(25);
  for (let lane = 0; lane < RATE_BYTES / 8; lane++) state[lane] = block.readBigUInt64LE(lane * 8);
  permute(state);
  const digest = Buffer.alloc(32);
  for (let lane = 0; lane < 4; lane++) digest.writeBigUInt64LE(state[lane] ?? 0n, lane * 8);
  return digest.toString("hex");
}

function permute(state: BigUint64Array): void {
  const at = (index: number): bigint => state[index] ?? 0n;
  let lfsr = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const parity = [0, 1, 2, 3, 4].map((x) => at(x) ^ at(x + 5) ^ at(x + 10) ^ at(x + 15) ^ at(x + 20));
    for (let x = 0; x < 5; x++) {
      const mix = (parity[(x + 4) % 5] ?? 0n) ^ rotate(parity[(x + 1) % 5] ?? 0n, 1);
      for (let y = 0; y < 25; y += 5) state[x + y] = at(x + y) ^ mix;
    }
    let carried = at(1);
    for (const [step, lane] of LANES.entries()) {
      const next = at(lane);
      state[lane] = rotate(carried, ROTATIONS[step] ?? 0);
      carried = next;
    }
    for (let y = 0; y < 25; y += 5) {
      const row = [at(y), at(y + 1), at(y + 2), at(y + 3), at(y + 4)];
      for (let x = 0; x < 5; x++) {
        state[y + x] = (row[x] ?? 0n) ^ (~(row[(x + 1) % 5] ?? 0n) & MASK & (row[(x + 2) % 5] ?? 0n));
      }
    }
    // Round constants come out of a shift register, one bit for each power of two less one.
    for (let power = 0; power < 7; power++) {
      if (lfsr & 1) state[0] = at(0) ^ (1n << BigInt((1 << power) - 1));
      lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0);
    }
  }
}

function rotate(lane: bigint, by: number): bigint {
  return ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;
}
