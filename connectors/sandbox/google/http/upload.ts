import { GoogleError, invalidArgument } from "../google-error.ts";
import { readParts } from "../mail/parts.ts";

export interface Upload {
  readonly media: Buffer;
  /** The JSON half of a multipart upload; empty otherwise. */
  readonly metadata: Buffer;
}

/**
 * Takes a media upload apart: `uploadType=media` is the message alone, `multipart` a JSON part and the message.
 * @throws GoogleError 400 for another type of content or upload, 413 when it is too large.
 */
export function readUpload(contentType: string, uploadType: string | null, body: Buffer, maxBytes: number): Upload {
  if (body.length > maxBytes) throw new GoogleError(413, "uploadTooLarge", "Request Entity Too Large");
  if (uploadType === "media") {
    if (!contentType.toLowerCase().startsWith("message/")) {
      throw invalidArgument(`Media type '${contentType}' is not supported. Valid media types: [message/*]`);
    }
    return { media: body, metadata: Buffer.alloc(0) };
  }
  if (uploadType === "multipart") return readRelated(contentType, body);
  throw invalidArgument("Invalid upload request");
}

function readRelated(contentType: string, body: Buffer): Upload {
  const whole = Buffer.concat([Buffer.from(`Content-Type: ${contentType}\r\n\r\n`), body]);
  const [first, second, ...rest] = readParts(whole).parts;
  if (first === undefined || second === undefined || rest.length > 0 || !second.mimeType.startsWith("message/")) {
    throw invalidArgument("Invalid multipart request with 0 or too few mime parts.");
  }
  return { media: second.content, metadata: first.content };
}
