import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  folderPath,
  isMessageId,
  linkPath,
  messagePath,
  quoted,
  userPath,
  withQuery,
} from "../../../connectors/microsoft365/paths.ts";
import { isPosternError } from "../../../src/core/errors.ts";

const GRAPH = "https://graph.microsoft.com";

describe("request paths", () => {
  it("keep an id inside its segment or refuse it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (id) => {
        try {
          const url = new URL(`${GRAPH}/v1.0${messagePath("ann@contoso.example", id)}`);
          expect(url.pathname.split("/")).toHaveLength(6);
          expect(decodeURIComponent(url.pathname.split("/")[5] ?? "")).toBe(id);
          expect(url.search + url.hash).toBe("");
        } catch (error) {
          expect(isPosternError(error, "MESSAGE_NOT_FOUND")).toBe(true);
        }
      }),
    );
  });

  it("take the ids that Graph makes and none that leads elsewhere", () => {
    expect(messagePath("0f6d3c1e-1111-4222-8333-444455556666", "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A_x1==")).toBe(
      "/users/0f6d3c1e-1111-4222-8333-444455556666/messages/AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A_x1==",
    );
    expect(folderPath("o'neil@contoso.example", "sentitems")).toBe(
      "/users/o'neil@contoso.example/mailFolders/sentitems",
    );
    for (const id of [
      "",
      "..",
      "../x",
      "a/b",
      "a?b",
      "a#b",
      "//evil.example",
      "https://evil.example",
      "..%2f",
      "a b",
    ]) {
      expect(isMessageId(id)).toBe(false);
    }
    expect(() => userPath("ann/../bob")).toThrow();
  });

  it("encode Message-IDs and double quotation marks in filters", () => {
    expect(withQuery("/x", { $filter: `internetMessageId eq ${quoted("<a+b'c@d>")}` })).toBe(
      "/x?$filter=internetMessageId%20eq%20'%3Ca%2Bb''c%40d%3E'",
    );
  });
});

describe("links in answers", () => {
  it("lead on when they point to the configured host, absolute or relative", () => {
    const rest = "/users/u/mailFolders('sentitems')/messages/delta?$skiptoken=a%2Bb";
    expect(linkPath(`${GRAPH}/v1.0${rest}`, GRAPH)).toBe(rest);
    expect(linkPath(`/v1.0${rest}`, GRAPH)).toBe(rest);
    expect(linkPath(rest.slice(1), GRAPH)).toBe(rest);
    expect(linkPath(`http://localhost:81/api/v1.0${rest}`, "http://127.0.0.1:81/api")).toBe(rest);
  });

  it("are refused anywhere else", () => {
    for (const link of [
      "https://evil.example/v1.0/users",
      "//evil.example/v1.0/users",
      "http://graph.microsoft.com/v1.0/users",
      "https://graph.microsoft.com.evil.example/v1.0/users",
      "https://graph.microsoft.com/beta/users",
      "https://graph.microsoft.com/v1.0/../beta/users",
      "javascript:alert(1)",
      "http://127.0.0.1:82/v1.0/users",
    ]) {
      expect(() => linkPath(link, GRAPH)).toThrow(/outside Microsoft Graph/);
    }
  });
});
