import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { z } from "zod";
import type { ScanReport } from "../../pipeline/judge.ts";
import { JUSTIFICATION_HEADER } from "../../pipeline/justification.ts";
import { findingSchema, problemSchema, recipientSchema, verdictSchema } from "./records.ts";
import type { TypedServer } from "./typed-server.ts";

export interface ScanRouteDependencies {
  /** Inspects a message and decides; nothing is stored, nothing is done. */
  readonly judge: (mime: Uint8Array) => Promise<ScanReport>;
}

/** Mail of 150 MiB is the largest that a provider carries (docs/operations.md). */
const MOST_BYTES = 150 * 1_048_576;

const draftSchema = z.strictObject({
  from: z.string().optional(),
  to: z.array(z.string()).default([]),
  cc: z.array(z.string()).default([]),
  bcc: z.array(z.string()).default([]),
  subject: z.string().default(""),
  text: z.string().optional(),
  html: z.string().optional(),
  justification: z.string().trim().max(500).optional().describe("why it leaves although a rule objects"),
  attachments: z
    .array(z.strictObject({ name: z.string(), contentType: z.string().optional(), content: z.base64() }))
    .default([]),
});

const reportSchema = z.object({
  message: z.object({
    source: z.string(),
    messageId: z.string().nullable(),
    subject: z.string().nullable(),
    from: z.string().nullable(),
    recipients: z.array(z.string()),
  }),
  verdict: verdictSchema,
  recipients: z.array(recipientSchema),
  findings: z.array(findingSchema),
  problems: z.array(problemSchema),
  status: z.enum(["complete", "partial", "failed"]),
  overridden: z.array(z.string()).describe("rules that the justification lifts"),
});

/** `POST /api/v1/scan`: a message (`message/rfc822`) or a draft (JSON) in, the report of `postern scan --json` out. */
export function registerScan(server: TypedServer, { judge }: ScanRouteDependencies): void {
  server.addContentTypeParser("message/rfc822", { parseAs: "buffer", bodyLimit: MOST_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  server.post(
    "/api/v1/scan",
    {
      bodyLimit: MOST_BYTES,
      schema: {
        tags: ["scan"],
        summary: "Scans a message or a draft; nothing is stored and nothing is done",
        consumes: ["message/rfc822", "application/json"],
        body: z.union([z.instanceof(Uint8Array), draftSchema]),
        response: { 200: reportSchema },
      },
    },
    async (request) => {
      const mime = request.body instanceof Uint8Array ? request.body : await compose(request.body);
      return (await judge(mime)) as z.input<typeof reportSchema>;
    },
  );
}

async function compose(draft: z.output<typeof draftSchema>): Promise<Uint8Array> {
  const { attachments, justification = "", ...fields } = draft;
  const composer = new MailComposer({
    ...(justification === "" ? {} : { headers: { [JUSTIFICATION_HEADER]: justification } }),
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    attachments: attachments.map(({ name, contentType, content }) => ({
      filename: name,
      content: Buffer.from(content, "base64"),
      ...(contentType === undefined ? {} : { contentType }),
    })),
    disableUrlAccess: true,
    disableFileAccess: true,
  });
  const message = composer.compile();
  message.keepBcc = true;
  return message.build();
}
