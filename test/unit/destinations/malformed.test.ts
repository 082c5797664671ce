import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, openDestination } from "../../../connectors/destinations/open.ts";
import { PosternError } from "../../../src/core/errors.ts";

const settings = { network: { allowPrivate: true, extraPorts: [] }, folder: "/srv/exports" };
const SCHEMES = "https http splunk elasticsearch syslog+tls s3 gs azure sentinel file ftp".split(" ");
const PIECES =
  "/ // : @ ? & = % %2 %2F %00 .. . {DATE} {date} # [ ] a b.example 127.0.0.1 [::1] :0 :99999 key= endpoint= region= compress= header_a= 日本 \u0000 ".split(
    " ",
  );
const tail = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(""));

describe("an address of a destination, whatever it says", () => {
  it.each([openDestination, bucketOf])("is opened, or refused with a reason (%o)", (open) => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMES), fc.constantFrom("://", ":///", ":", ""), tail, (scheme, colon, rest) => {
        try {
          open(`${scheme}${colon}${rest}`, settings);
        } catch (error) {
          expect(error).toBeInstanceOf(PosternError);
        }
      }),
      {
        numRuns: 10_000,
        examples: [
          ["file", "://", "soc"],
          ["file", "://", "host/srv/exports"],
        ],
      },
    );
  });
});
