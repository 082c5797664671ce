import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveEndpoints } from "../../../connectors/google-workspace/endpoints.ts";

describe("the services' addresses", () => {
  it("are Google's unless set", () => {
    expect(resolveEndpoints({ gmailUrl: undefined })).toMatchObject({
      gmailUrl: "https://gmail.googleapis.com",
      tokenUrl: "https://oauth2.googleapis.com/token",
    });
  });

  it("may be http on loopback, with or without a slash at the end", () => {
    expect(resolveEndpoints({ gmailUrl: "http://127.0.0.1:9000/", adminUrl: "http://localhost:1" })).toMatchObject({
      gmailUrl: "http://127.0.0.1:9000",
      adminUrl: "http://localhost:1",
    });
  });

  it("get the customary path of the signing keys when only a host was given", () => {
    const certs = (certsUrl: string) => resolveEndpoints({ certsUrl }).certsUrl;
    expect(certs("http://127.0.0.1:9000")).toBe("http://127.0.0.1:9000/oauth2/v3/certs");
    expect(certs("http://127.0.0.1:9000/keys")).toBe("http://127.0.0.1:9000/keys");
  });

  it("are refused when they are neither https nor on loopback", () => {
    const hosts = fc.domain().filter((host) => host !== "localhost");
    fc.assert(
      fc.property(hosts, (host) => {
        expect(() => resolveEndpoints({ gmailUrl: `http://${host}` })).toThrow(
          expect.objectContaining({ code: "CONFIG_INVALID" }),
        );
      }),
    );
    for (const gmailUrl of [
      "ftp://127.0.0.1",
      "gmail",
      "http://localhost.evil.example",
      "http://127.0.0.1.evil.example",
    ]) {
      expect(() => resolveEndpoints({ gmailUrl })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    }
  });
});
