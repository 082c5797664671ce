/** Signatures at the start of a file: media type, bytes (latin1; `?` stands for any byte), offset. */
const SIGNATURES: readonly (readonly [type: string, pattern: string, offset?: number])[] = [
  ["application/zip", "PK\x03\x04"],
  ["application/zip", "PK\x05\x06"],
  ["application/zip", "PK\x07\x08"],
  ["application/pdf", "%PDF-"],
  ["application/x-ole-storage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
  ["application/gzip", "\x1f\x8b\x08"],
  ["application/x-7z-compressed", "7z\xbc\xaf\x27\x1c"],
  ["application/vnd.rar", "Rar!\x1a\x07"],
  ["application/x-bzip2", "BZh?1AY&SY"],
  ["application/x-bzip2", "BZh?\x17\x72\x45\x38\x50\x90"],
  ["application/x-xz", "\xfd7zXZ\0"],
  ["application/zstd", "\x28\xb5\x2f\xfd"],
  ["application/x-lz4", "\x04\x22\x4d\x18"],
  ["application/x-lz4", "\x02\x21\x4c\x18"],
  ["application/x-compress", "\x1f\x9d"],
  ["application/x-lzip", "LZIP"],
  ["application/x-lzma", "\x5d\0\0"],
  ["application/vnd.ms-cab-compressed", "MSCF\0\0\0\0"],
  ["application/x-cpio", "070701"],
  ["application/x-cpio", "070702"],
  ["application/x-cpio", "070707"],
  ["application/x-cpio", "\xc7\x71"],
  ["application/x-archive", "!<arch>\n"],
  ["application/x-arj", "\x60\xea"],
  ["application/x-lzh", "-lh", 2],
  ["application/x-rpm", "\xed\xab\xee\xdb"],
  ["application/x-xar", "xar!"],
  ["application/x-ms-wim", "MSWIM\0\0\0"],
  ["application/x-iso9660-image", "CD001", 32769],
  ["application/vnd.ms-htmlhelp", "ITSF"],
  ["application/rtf", "{\\rt"],
  ["application/ms-tnef", "\x78\x9f\x3e\x22"],
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/gif", "GIF8"],
  ["image/tiff", "II*\0"],
  ["image/tiff", "MM\0*"],
  ["image/webp", "RIFF????WEBP"],
  ["image/bmp", "BM????\0\0"],
  ["image/bmp", "BM??????????\x28\0\0\0"],
  ["image/x-portable-anymap", "P4\n"],
  ["image/x-portable-anymap", "P5\n"],
  ["image/x-portable-anymap", "P6\n"],
  ["image/x-portable-anymap", "P4 "],
  ["image/x-portable-anymap", "P5 "],
  ["image/x-portable-anymap", "P6 "],
  ["image/heic", "ftyphei", 4],
  ["image/heic", "ftyphev", 4],
  ["image/heic", "ftypmif1", 4],
  ["image/avif", "ftypavif", 4],
  ["image/jp2", "\0\0\0\x0cjP  "],
  ["image/vnd.adobe.photoshop", "8BPS"],
  ["image/x-icon", "\0\0\x01\0"],
  ["image/wmf", "\xd7\xcd\xc6\x9a"],
  ["image/emf", " EMF", 40],
  ["image/vnd.dwg", "AC10"],
  ["audio/wav", "RIFF????WAVE"],
  ["video/x-msvideo", "RIFF????AVI "],
  ["audio/mpeg", "ID3"],
  ["audio/mpeg", "\xff\xfb"],
  ["audio/mpeg", "\xff\xf3"],
  ["audio/flac", "fLaC"],
  ["audio/ogg", "OggS"],
  ["audio/midi", "MThd"],
  ["audio/basic", ".snd"],
  ["audio/amr", "#!AMR"],
  ["video/mp4", "ftyp", 4],
  ["video/quicktime", "moov", 4],
  ["video/x-matroska", "\x1a\x45\xdf\xa3"],
  ["video/mpeg", "\0\0\x01\xba"],
  ["video/x-flv", "FLV\x01"],
  ["video/x-ms-asf", "\x30\x26\xb2\x75\x8e\x66\xcf\x11"],
  ["application/x-shockwave-flash", "CWS"],
  ["application/x-shockwave-flash", "FWS"],
  ["application/x-msdownload", "MZ"],
  ["application/x-elf", "\x7fELF"],
  ["application/java-vm", "\xca\xfe\xba\xbe"],
  ["application/wasm", "\0asm"],
  ["application/vnd.sqlite3", "SQLite format 3\0"],
  ["application/x-msaccess", "Standard Jet DB", 4],
  ["application/x-msaccess", "Standard ACE DB", 4],
  ["application/vnd.ms-outlook-pst", "!BDN"],
  ["application/onenote", "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"],
  ["application/vnd.wordperfect", "\xffWPC"],
  ["application/x-parquet", "PAR1"],
  ["application/vnd.tcpdump.pcap", "\xd4\xc3\xb2\xa1"],
  ["application/vnd.tcpdump.pcap", "\x0a\x0d\x0d\x0a"],
  ["application/x-ms-shortcut", "L\0\0\0\x01\x14\x02\0"],
  ["application/applefile", "\0\x05\x16\x07"],
  ["application/applefile", "\0\x05\x16\0"],
  ["font/otf", "OTTO"],
  ["font/ttf", "\0\x01\0\0\0"],
  ["font/woff", "wOFF"],
  ["font/woff2", "wOF2"],
];

const compiled = SIGNATURES.map(([type, pattern, offset = 0]) => ({
  type,
  offset,
  bytes: [...pattern].map((char) => (char === "?" ? -1 : char.charCodeAt(0))),
}));

/** DER: a SEQUENCE whose first element is the object identifier 1.2.840.113549.1.7.x (PKCS #7, CMS). */
const PKCS7_OID = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]);
/** 1.2.840.113549.1.9.16.1.x: content types of S/MIME (RFC 5652, 5544), for instance compressed and time-stamped data. */
const SMIME_OID = Buffer.from([0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01]);

/** Media type by the first bytes, null when they say nothing. */
export function signatureType(bytes: Buffer): string | null {
  for (const { type, offset, bytes: pattern } of compiled) {
    if (bytes.length < offset + pattern.length) continue;
    if (pattern.every((value, index) => value === -1 || bytes[offset + index] === value)) return type;
  }
  if (bytes[0] === 0x30) {
    const head = bytes.subarray(0, 32);
    if (head.includes(PKCS7_OID) || head.includes(SMIME_OID)) return "application/pkcs7-mime";
  }
  return null;
}
