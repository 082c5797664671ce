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
export async function makeSigningKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(20).toString("hex"), ...pair };
}
