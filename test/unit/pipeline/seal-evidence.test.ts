import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { compactDecrypt, decodeProtectedHeader } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { readEvidenceKey } from "../../../src/app/evidence-key.ts";
import { type EvidenceContent, sealEvidence } from "../../../src/pipeline/seal-evidence.ts";

const folder = mkdtempSync(join(tmpdir(), "postern-evidence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (text: string): string => {
  writeFileSync(join(folder, "key"), text);
  return join(folder, "key");
};
const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();
const PAIRS = [
  ["RSA", generateKeyPairSync("rsa", { modulusLength: 3_072 }), "RSA-OAEP-256"],
  ["P-256", generateKeyPairSync("ec", { namedCurve: "P-256" }), "ECDH-ES+A256KW"],
  ["X25519", generateKeyPairSync("x25519"), "ECDH-ES+A256KW"],
] as const;
const CONTENT: EvidenceContent = {
  subject: "Offer 4111 1111 1111 1111",
  findings: [{ detector: "credit-card", part: "body", values: ["4111111111111111"] }],
};
const opened = async (jwe: string, key: KeyObject): Promise<EvidenceContent & { readonly truncated: boolean }> =>
  JSON.parse(Buffer.from((await compactDecrypt(jwe, key)).plaintext).toString("utf8"));

describe("evidence sealed to a customer's key", () => {
  it.each(PAIRS)(
    "is opened by the private key of %s and by no other",
    async (_name, { publicKey, privateKey }, alg) => {
      for (const text of [pem(publicKey), JSON.stringify(publicKey.export({ format: "jwk" }))]) {
        const key = await readEvidenceKey(fileOf(text));
        const { keyId, jwe } = await sealEvidence(key, CONTENT);
        expect(decodeProtectedHeader(jwe)).toMatchObject({ alg, enc: "A256GCM", kid: keyId });
        expect(await opened(jwe, createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })))).toEqual({
          ...CONTENT,
          truncated: false,
        });
        for (const [, other] of PAIRS)
          if (other.publicKey !== publicKey) await expect(opened(jwe, other.privateKey)).rejects.toThrow();
        expect(jwe).not.toContain("4111");
      }
    },
  );

  it("stays small whatever was found, and says when something is missing", async () => {
    const [, , [, { publicKey, privateKey }]] = PAIRS;
    const key = await readEvidenceKey(fileOf(pem(publicKey)));
    const values = fc.array(fc.string({ maxLength: 2_000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, async (found) => {
        const { jwe } = await sealEvidence(key, {
          subject: "",
          findings: [{ detector: "d", part: "p", values: found }],
        });
        expect(jwe.length).toBeLessThan(500_000);
        const content = await opened(jwe, privateKey);
        expect(content.truncated).toBe(JSON.stringify(content.findings[0]?.values) !== JSON.stringify(found));
      }),
      { numRuns: 50 },
    );
  });

  it("refuses keys that are weak, private or none", async () => {
    const [, [, { privateKey }]] = PAIRS;
    const weak = generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey;
    const signing = generateKeyPairSync("ed25519").publicKey;
    const secret = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const faults: readonly (readonly [string, RegExp])[] = [
      [pem(weak), /3072 bits/],
      [pem(signing), /X25519/],
      [secret, /private key/],
      [JSON.stringify(privateKey.export({ format: "jwk" })), /private key/],
      ["hello", /no public key/],
    ];
    for (const [text, reason] of faults)
      await expect(readEvidenceKey(fileOf(text))).rejects.toMatchObject({ message: expect.stringMatching(reason) });
    await expect(readEvidenceKey(join(folder, "none"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});
