import { describe, expect, it } from "vitest";
import { consentUrl } from "../../../connectors/microsoft365/consent.ts";
import { resolveEndpoints } from "../../../connectors/microsoft365/endpoints.ts";

describe("endpoints", () => {
  it("are those of the tenant's cloud", () => {
    expect(resolveEndpoints("global", {})).toEqual({
      graphUrl: "https://graph.microsoft.com",
      loginUrl: "https://login.microsoftonline.com",
      scope: "https://graph.microsoft.com/.default",
      messageTraces: true,
      permanentDelete: true,
    });
    expect(resolveEndpoints("china", {})).toMatchObject({
      graphUrl: "https://microsoftgraph.chinacloudapi.cn",
      loginUrl: "https://login.chinacloudapi.cn",
      permanentDelete: false,
    });
    expect(resolveEndpoints("us-gov-dod", {}).scope).toBe("https://dod-graph.microsoft.us/.default");
  });

  it("may be replaced, on the loopback by plain http, with a slash too many", () => {
    const given = { graphUrl: "http://127.0.0.1:8123/graph/", loginUrl: "http://localhost:8123" };
    expect(resolveEndpoints("global", given)).toMatchObject({
      graphUrl: "http://127.0.0.1:8123/graph",
      loginUrl: "http://localhost:8123",
      scope: "https://graph.microsoft.com/.default",
    });
  });

  it.each([
    ["http://graph.example", /POSTERN_GRAPH_URL must begin with https/],
    ["http://127.0.0.1.evil.example", /must begin with https/],
    ["ftp://127.0.0.1", /must begin with https/],
    ["graph.example", /is not an address/],
    ["https://user:pass@graph.example", /must not hold credentials/],
    ["https://graph.example?x=1", /must not hold credentials, a query/],
  ])("refuse %s", (graphUrl, reason) => {
    expect(() => resolveEndpoints("global", { graphUrl })).toThrow(reason);
  });
});

describe("the consent address", () => {
  it("asks for the application's own permissions, in the tenant's cloud", () => {
    const url = new URL(
      consentUrl({
        cloud: "us-gov-high",
        tenantId: "organizations",
        clientId: "c-1",
        redirectUri: "https://postern.example/oauth/microsoft/callback",
        state: "signed.state",
      }),
    );
    expect(url.origin + url.pathname).toBe("https://login.microsoftonline.us/organizations/v2.0/adminconsent");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "c-1",
      scope: "https://graph.microsoft.us/.default",
      redirect_uri: "https://postern.example/oauth/microsoft/callback",
      state: "signed.state",
    });
  });
});
