import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** An RSA key with the id that its signatures carry. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface ServiceAccount {
  readonly email: string;
  /** Numeric id of the account, the client id of the delegation screen. */
  readonly clientId: string;
  readonly key: SigningKey;
}

/** Makes a 2048-bit RSA key, the size that Google's service accounts have. */
async function makeSigningKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(20).toString("hex"), ...pair };
}

/** The keys of one sandbox: its service account's, and the one that signs push tokens. */
export interface SandboxKeys {
  readonly account: SigningKey;
  readonly push: SigningKey;
}

/** Makes the keys of a sandbox. It takes a while: suites that start many sandboxes make them once. */
export async function makeSandboxKeys(): Promise<SandboxKeys> {
  const [account, push] = await Promise.all([makeSigningKey(), makeSigningKey()]);
  return { account, push };
}
