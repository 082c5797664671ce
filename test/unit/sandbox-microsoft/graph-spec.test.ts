import { expect, test } from "vitest";
import { checkGraphRequest, graphSpecMissing } from "../../support/graph-spec.ts";

const skipped = graphSpecMissing === undefined ? "" : ` (skipped: ${graphSpecMissing})`;

function check(method: string, path: string, body?: unknown, type = "application/json"): string[] {
  const url = new URL(path, "http://graph.invalid");
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const headers = body === undefined ? {} : { "content-type": type };
  return checkGraphRequest({ method, path: url.pathname, query: url.searchParams, headers, body: Buffer.from(text) });
}

const subscription = {
  changeType: "created",
  notificationUrl: "http://127.0.0.1:8080/webhooks/graph",
  resource: "users/ann@corp.example/mailFolders('sentitems')/messages",
  expirationDateTime: "2026-12-01T00:00:00Z",
};

test.skipIf(graphSpecMissing).each([
  ["GET", "/v1.0/users/a@b/messages/x?$select=id&$expand=attachments"],
  ["GET", "/v1.0/users/a@b/mailFolders('sentitems')/messages/delta?$deltatoken=t"],
  ["GET", "/v1.0/users('a@b')/mailFolders/sentitems/messages/delta()?changeType=created&$top=5"],
  ["POST", "/v1.0/users/a@b/messages/x/move", { destinationId: "archive" }],
  ["POST", "/v1.0/subscriptions", subscription],
  ["POST", "/beta/users/a@b/mailFolders/sentitems/messages/x/recall"],
  ["POST", "/v1.0/users/a@b/sendMail", "YQ==", "text/plain"],
])(`%s %s is inside the specification${skipped}`, (method, path, body?: unknown, type?: string) => {
  expect(check(method, path, body, type)).toEqual([]);
});

test.skipIf(graphSpecMissing).each([
  ["an unknown path", "GET", "/v1.0/users/a@b/calendars"],
  ["another method", "PUT", "/v1.0/users/a@b/messages/x"],
  ["an unknown query parameter", "GET", "/v1.0/users/a@b/messages/x?$slect=id"],
  ["a page size that is no number", "GET", "/v1.0/users?$top=many"],
  ["a v1.0 path in beta", "GET", "/beta/users"],
  ["recall in v1.0", "POST", "/v1.0/users/a@b/mailFolders/sentitems/messages/x/recall"],
  ["a missing body", "POST", "/v1.0/users/a@b/messages/x/move"],
  ["a body where none belongs", "POST", "/v1.0/users/a@b/messages/x/send", {}],
  ["a misspelt property", "POST", "/v1.0/users/a@b/messages/x/move", { destination: "archive" }],
  [
    "a subscription over plain http to somewhere else",
    "POST",
    "/v1.0/subscriptions",
    { ...subscription, notificationUrl: "http://example.com" },
  ],
  ["an empty list of headers", "POST", "/v1.0/users/a@b/sendMail", { message: { internetMessageHeaders: [] } }],
])(`%s is outside the specification${skipped}`, (_, method, path, body?: unknown) => {
  expect(check(method, path, body)).not.toEqual([]);
});

test("what is no Graph request is not judged", () => {
  expect(check("POST", "/tenant/oauth2/v2.0/token", "a=b", "application/x-www-form-urlencoded")).toEqual([]);
});
