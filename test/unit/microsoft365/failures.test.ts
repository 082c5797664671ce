import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failureOf, readRefusal } from "../../../connectors/microsoft365/failures.ts";

const refusal = (status: number, code = "") => ({ status, code, requestId: "r-1" });

describe("refusals of Microsoft Graph", () => {
  it.each([
    [400, "InvalidRequest", "PROVIDER_REFUSED"],
    [400, "ErrorInvalidIdMalformed", "MESSAGE_NOT_FOUND"],
    [400, "SyncStateNotFound", "CURSOR_EXPIRED"],
    [401, "InvalidAuthenticationToken", "PROVIDER_UNAUTHORIZED"],
    [403, "ErrorAccessDenied", "PROVIDER_FORBIDDEN"],
    [404, "ErrorItemNotFound", "MESSAGE_NOT_FOUND"],
    [404, "MailboxNotEnabledForRESTAPI", "MAILBOX_UNAVAILABLE"],
    [404, "Request_ResourceNotFound", "MAILBOX_UNAVAILABLE"],
    [409, "ErrorFolderExists", "PROVIDER_REFUSED"],
    [410, "", "CURSOR_EXPIRED"],
    [412, "ErrorIrresolvableConflict", "PROVIDER_REFUSED"],
    [413, "", "MESSAGE_TOO_LARGE"],
    [429, "ApplicationThrottled", "PROVIDER_THROTTLED"],
    [503, "ApplicationThrottled", "PROVIDER_THROTTLED"],
    [500, "ErrorInternalServerError", "PROVIDER_UNAVAILABLE"],
    [504, "", "PROVIDER_UNAVAILABLE"],
    [302, "", "PROVIDER_REFUSED"],
  ] as const)("%i %s is %s", (status, code, expected) => {
    expect(failureOf("call", refusal(status, code)).code).toBe(expected);
  });

  it("say what a 404 means for the call, and how long to rest", () => {
    const error = failureOf("delta", refusal(404), "MAILBOX_UNAVAILABLE", 1_500);
    expect(error).toMatchObject({ code: "MAILBOX_UNAVAILABLE", retry: { afterMs: 1_500 } });
    expect(error.details).toEqual({ call: "delta", status: 404, code: "", requestId: "r-1" });
  });

  it("keep the code and nothing of the text", () => {
    const body = { error: { code: "ErrorItemNotFound", message: "Subject: secret plans of ann@contoso.example" } };
    const read = readRefusal(404, "abc-1", new TextEncoder().encode(JSON.stringify(body)));
    expect(read).toEqual({ status: 404, code: "ErrorItemNotFound", requestId: "abc-1" });
    expect(JSON.stringify(failureOf("x", read).details)).not.toContain("secret");
    expect(failureOf("x", read).message).not.toContain("secret");
  });

  it("are read whatever the body is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (body) => {
          expect(readRefusal(500, null, body).code).toMatch(/^[A-Za-z0-9_.-]{0,80}$/);
        },
      ),
    );
    const odd = (value: unknown) => readRefusal(400, "a b", new TextEncoder().encode(JSON.stringify(value)));
    expect(odd({ error: "invalid_grant" }).code).toBe("invalid_grant");
    expect(odd({ error: { code: "4111 1111 1111 1111" } })).toEqual({ status: 400, code: "", requestId: "" });
  });
});
