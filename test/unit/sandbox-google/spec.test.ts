import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { domainRoutes } from "../../../connectors/sandbox/google/directory/domains.ts";
import { groupRoutes } from "../../../connectors/sandbox/google/directory/groups.ts";
import { userRoutes } from "../../../connectors/sandbox/google/directory/users.ts";
import { gmailRoutes } from "../../../connectors/sandbox/google/gmail/routes.ts";
import type { Route } from "../../../connectors/sandbox/google/http/route.ts";
import type { SeenRequest } from "../../../connectors/sandbox/google/http/seen.ts";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import {
  checkGoogleRequest,
  type DocumentedService,
  googleDocument,
  hasGoogleSpecs,
} from "../../support/google-spec.ts";
import { ANN, BOB, base64url, type Caller, caller, mail, scope, startWithPeople, text, tokenFor } from "./client.ts";

const documented: readonly (readonly [DocumentedService, Route])[] = [
  ...gmailRoutes.map((route) => ["gmail", route] as const),
  ...[...userRoutes, ...groupRoutes, ...domainRoutes].map((route) => ["admin", route] as const),
];

const why = hasGoogleSpecs ? "" : " (skipped: POSTERN_SPECS names no folder with the discovery documents)";

describe.skipIf(!hasGoogleSpecs)(`the sandbox and Google's discovery documents${why}`, () => {
  it.each(documented.map(([service, route]) => [route.id, service, route] as const))(
    "agree on path, parameters, body and scopes of %s",
    (id, service, route) => {
      const document = googleDocument(service);
      const method = document.methods.find((known) => known.id === id);
      expect([method?.httpMethod, `/${method?.path}`]).toEqual([route.method, route.path]);
      const parameters = Object.entries(method?.parameters ?? {}).filter(([, { location }]) => location === "query");
      const known = parameters.map(([name]) => name);
      // The push channel's parameter of `users.list` is of no use in a list.
      expect([...(route.query ?? [])].sort(byText)).toEqual(known.filter((name) => name !== "event").sort(byText));
      const schema = document.schemas[method?.request?.$ref ?? ""];
      expect([...(route.body ?? [])].sort(byText)).toEqual(Object.keys(schema?.properties ?? {}).sort(byText));
      // Scopes of mail add-ons cannot be had by a service account.
      const scopes = (method?.scopes ?? []).filter((name) => !name.includes("addons"));
      expect([...(route.scopes ?? [])].sort(byText)).toEqual(scopes.sort(byText));
      expect(route.maxMediaBytes).toBe(
        method?.mediaUpload?.maxSize === undefined ? undefined : Number(method.mediaUpload.maxSize),
      );
    },
  );

  describe("in answers", () => {
    let sandbox: GoogleSandbox;
    let gmail: Caller;
    let admin: Caller;
    beforeAll(async () => {
      sandbox = await startWithPeople();
      sandbox.addGroup({ address: "team@corp.example", members: [ANN, BOB] });
      sandbox.delegation.add(scope("full"));
      gmail = caller(`${sandbox.gmailUrl}/gmail/v1/users/me`, await tokenFor(sandbox, ANN, "full"));
      const scopes = "admin.directory.user.readonly admin.directory.domain.readonly admin.directory.group.readonly";
      admin = caller(`${sandbox.adminUrl}/admin/directory/v1`, await tokenFor(sandbox, sandbox.adminEmail, scopes));
    });
    afterAll(() => sandbox.close());

    it("to requests that are right by the document, every field has the documented name and type", async () => {
      const start = sandbox.historyId(ANN);
      const raw = base64url(mail());
      const { id } = await sandbox.send(ANN, mail());
      const label = text((await gmail("POST", "/labels", { name: "L" })).body.id);
      const draft = text((await gmail("POST", "/drafts", { message: { raw } })).body.id);
      const calls: readonly (readonly [Caller, string, string, string, object?])[] = [
        [gmail, "Profile", "GET", "/profile"],
        [
          gmail,
          "WatchResponse",
          "POST",
          "/watch",
          { topicName: sandbox.topicName, labelFilterBehavior: "include", labelIds: ["SENT"] },
        ],
        [gmail, "Message", "GET", `/messages/${id}?format=full`],
        [gmail, "Message", "GET", `/messages/${id}?format=raw`],
        [gmail, "Message", "GET", `/messages/${id}?format=metadata&metadataHeaders=To&metadataHeaders=From`],
        [gmail, "Message", "POST", `/messages/${id}/modify`, { addLabelIds: [label], removeLabelIds: ["UNREAD"] }],
        [gmail, "Message", "POST", `/messages/${id}/trash`],
        [gmail, "Message", "POST", `/messages/${id}/untrash`],
        [
          gmail,
          "Message",
          "POST",
          "/messages?deleted=true&internalDateSource=dateHeader",
          { raw, labelIds: ["INBOX"] },
        ],
        [gmail, "Message", "POST", "/messages/import?neverMarkSpam=true", { raw }],
        [gmail, "Message", "POST", "/messages/send", { raw }],
        [gmail, "ListMessagesResponse", "GET", "/messages?labelIds=SENT&maxResults=1&includeSpamTrash=true&q=offer"],
        [gmail, "Draft", "GET", `/drafts/${draft}`],
        [gmail, "ListDraftsResponse", "GET", "/drafts"],
        [gmail, "Message", "POST", "/drafts/send", { id: draft }],
        [gmail, "Label", "GET", `/labels/${label}`],
        [gmail, "ListLabelsResponse", "GET", "/labels"],
        [gmail, "ListSendAsResponse", "GET", "/settings/sendAs"],
        [gmail, "AutoForwarding", "GET", "/settings/autoForwarding"],
        [
          gmail,
          "ListHistoryResponse",
          "GET",
          `/history?startHistoryId=${start}&maxResults=3&historyTypes=messageAdded&historyTypes=labelAdded`,
        ],
        [admin, "Users", "GET", "/users?customer=my_customer&projection=full&maxResults=500"],
        [admin, "User", "GET", `/users/${BOB}`],
        [admin, "Groups", "GET", "/groups?customer=my_customer"],
        [admin, "Members", "GET", "/groups/team@corp.example/members?includeDerivedMembership=true"],
        [admin, "Domains2", "GET", "/customer/my_customer/domains"],
      ];
      for (const [call, schema, method, path, body] of calls) {
        const reply = await call(method, path, body);
        const document = googleDocument(call === gmail ? "gmail" : "admin");
        expect([path, reply.status, document.faults(schema, reply.body)]).toEqual([path, 200, []]);
      }
      expect(sandbox.requests.flatMap(checkGoogleRequest)).toEqual([]);
    });
  });

  describe("in the check of requests", () => {
    const right: SeenRequest = {
      at: new Date(0),
      service: "gmail",
      operation: null,
      method: "POST",
      path: "/gmail/v1/users/me/messages/1/modify",
      query: [],
      headers: { "content-type": "application/json" },
      body: Buffer.from('{"addLabelIds":["X"]}'),
      subject: ANN,
      scopes: [scope("gmail.modify")],
      status: 200,
    };
    const history = { method: "GET", path: "/gmail/v1/users/me/history", body: Buffer.alloc(0) } as const;

    it("a right one passes", () => {
      expect(checkGoogleRequest(right)).toEqual([]);
    });

    it.each<[string, Partial<SeenRequest>, string]>([
      ["an unknown path", { path: "/gmail/v1/users/me/mail" }, "no such method"],
      ["another verb", { method: "PATCH" }, "no such method"],
      ["a misspelt body field", { body: Buffer.from('{"addLabelId":["X"]}') }, "addLabelId"],
      ["a wrong type in the body", { body: Buffer.from('{"addLabelIds":"X"}') }, "must be array"],
      ["an unknown parameter", { query: [["frm", "raw"]] }, "unknown parameter frm"],
      ["a path parameter in the query", { query: [["userId", "me"]] }, "unknown parameter userId"],
      ["a token without a fitting scope", { scopes: [scope("gmail.readonly")] }, "scopes"],
      ["a body where none is taken", { path: "/gmail/v1/users/me/messages/1/trash" }, "takes no body"],
      [
        "an enum value in another case",
        { ...history, query: [["historyTypes", "MESSAGE_ADDED"]] },
        "historyTypes has a wrong value",
      ],
      [
        "a repeated parameter that may not be",
        {
          ...history,
          query: [
            ["labelId", "A"],
            ["labelId", "B"],
          ],
        },
        "labelId is repeated",
      ],
    ])("%s is found", (_name, change, fault) => {
      expect(checkGoogleRequest({ ...right, ...change }).join("\n")).toContain(fault);
    });
  });
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
