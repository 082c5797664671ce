import { createSign, generateKeyPairSync } from "node:crypto";

/** A self-signed certificate with its key as one PEM text, made anew: no key lies in the repository. */
export function makeCertificate(): { readonly pem: string; readonly certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const algorithm = sequence(oid("2a864886f70d01010b"), Buffer.from([0x05, 0x00]));
  const name = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from("postern test")))));
  const validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"));
  const key = publicKey.export({ type: "spki", format: "der" });
  const version = der(0xa0, integer(2));
  const body = sequence(version, integer(1), algorithm, name, validity, name, key);
  const signature = createSign("sha256").update(body).sign(privateKey);
  const bytes = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = bytes.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { certificate, pem: `${privateKey.export({ type: "pkcs8", format: "pem" })}${certificate}` };
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}
