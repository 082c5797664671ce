import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBody } from "../../../connectors/microsoft365/body.ts";
import { refTo } from "./support/acting.ts";
import { PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();
const HEAD = ["From: ann@contoso.example", "To: bob@out.example", "Subject: plan", "MIME-Version: 1.0"];

function withFile(): Buffer {
  const lines = [
    ...HEAD,
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "see there",
    "--b",
    'Content-Type: text/csv; name="a.csv"',
    'Content-Disposition: attachment; filename="a.csv"',
    "",
    "1;2",
    "--b--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

describe("fetching a message", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(() => tenant.close());

  async function fetchedAfter(mime: Uint8Array, cloudFiles: readonly string[] = []) {
    const { messageId } = await tenant.sandbox.send(PEOPLE.sender, mime);
    for (const name of cloudFiles) tenant.sandbox.attachCloudFile(PEOPLE.sender, messageId ?? "", name);
    const before = tenant.sandbox.requests.length;
    const fetched = await tenant.connector.fetch(refTo(messageId ?? ""), signal);
    // Beside what is asked once for a mailbox: its owner, its folders.
    const calls = tenant.sandbox.requests.slice(before).filter(({ path }) => path.includes("/messages/"));
    return { fetched, calls: calls.length };
  }

  it("takes one call beside the MIME text, two where something is attached", async () => {
    const plain = Buffer.from([...HEAD, "", "hello", ""].join("\r\n"));
    expect(await fetchedAfter(plain)).toMatchObject({ fetched: { cloudFiles: 0 }, calls: 2 });
    expect(await fetchedAfter(withFile())).toMatchObject({ fetched: { cloudFiles: 0 }, calls: 3 });
  });

  it("counts the files that stayed in a cloud, of which the MIME text says nothing", async () => {
    const { fetched } = await fetchedAfter(withFile(), ["Plan.xlsx", "Prices.docx"]);
    expect(fetched.cloudFiles).toBe(2);
    expect(new TextDecoder().decode(fetched.mime)).not.toContain("Plan.xlsx");
  });
});

describe("a body", () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 8 });
  const streamOf = (parts: readonly Uint8Array[]) =>
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });

  it("is whole in whatever pieces it comes, with a true, a wrong or no announced length", async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.option(fc.nat({ max: 40_000 })), async (parts, announced) => {
        const headers = announced === null ? {} : { "content-length": `${announced}` };
        const bytes = await readBody(new Response(streamOf(parts), { headers }), 80_000);
        expect(Buffer.from(bytes).equals(Buffer.concat(parts))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("is refused beyond the limit, announced or not", async () => {
    const parts = [new Uint8Array(600), new Uint8Array(600)];
    for (const headers of [{}, { "content-length": "1200" }])
      await expect(readBody(new Response(streamOf(parts), { headers }), 1_000)).rejects.toMatchObject({
        code: "MESSAGE_TOO_LARGE",
      });
  });
});
