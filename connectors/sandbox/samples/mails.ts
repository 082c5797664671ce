import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { archive, pdf, workbook } from "./documents.ts";

export interface SampleMail {
  /** What the story is, for the demo's log. */
  readonly story: string;
  readonly from: string;
  readonly mime: Uint8Array;
}

interface Draft {
  readonly story: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content: Uint8Array;
    readonly contentType?: string;
  }[];
}

/** One round of mail in a company, in the order in which it is sent. */
export async function sampleMails(domain: string): Promise<readonly SampleMail[]> {
  const at = (name: string): string => `${name}@${domain}`;
  const nested = await compose({
    story: "",
    from: at("hugo"),
    to: [at("iris")],
    subject: "Payment details",
    text: "For the invoice: IBAN NL91 ABNA 0417 1643 00, in the name of Haas.",
  });
  const drafts: readonly Draft[] = [
    {
      story: "a clean mail",
      from: at("bob"),
      to: ["sales@partner.example"],
      subject: "Lunch on Thursday",
      text: "Shall we meet at noon? The usual place is closed, so I booked the other one.\n\nBob",
    },
    {
      story: "cards in a spreadsheet in a zip, to inside and outside",
      from: at("carl"),
      to: [at("dana"), "bookkeeper@outside.example"],
      subject: "Refunds of last week",
      text: "Everything is in the archive.",
      attachments: [
        {
          filename: "refunds.zip",
          content: archive({
            "week-48/cards.xlsx": workbook([
              ["Customer", "Card number", "Amount"],
              ["Miller", "4111 1111 1111 1111", "12.50"],
              ["Okafor", "5555 5555 5555 4444", "80.00"],
              ["Rossi", "3782 822463 10005", "19.99"],
            ]),
          }),
        },
      ],
    },
    {
      story: "a list of IBANs",
      from: at("eve"),
      to: ["supplier@outside.example"],
      subject: "Accounts for the transfer",
      text: "Please use these accounts:\nIBAN DE89 3704 0044 0532 0130 00\nIBAN GB82 WEST 1234 5698 7654 32\nIBAN FR14 2004 1010 0505 0001 3M02 606\n",
    },
    {
      story: "a citizen service number in a PDF",
      from: at("jan"),
      to: ["payroll@outside.example"],
      subject: "New colleague",
      text: "The form is attached.",
      attachments: [
        {
          filename: "form.pdf",
          content: pdf(["Personal data", "Burgerservicenummer (BSN): 111222333", "Date of birth: 1 May 1990"]),
        },
      ],
    },
    {
      story: "a forwarded message that holds an IBAN",
      from: at("iris"),
      to: ["accountant@outside.example"],
      subject: "Fwd: Payment details",
      text: "See below.",
      attachments: [{ filename: "payment details.eml", content: nested, contentType: "message/rfc822" }],
    },
    {
      story: "thirty customers in Cc instead of Bcc",
      from: at("gina"),
      to: [at("gina")],
      cc: Array.from({ length: 30 }, (_, index) => `customer${index + 1}@mail${index % 7}.example`),
      subject: "Our new opening hours",
      text: "From December on we are open until eight.",
    },
    {
      story: "a private key",
      from: at("finn"),
      to: ["hosting@outside.example"],
      subject: "Access to the server",
      text: `Here is the key:\n${keyBlock()}`,
    },
    {
      story: "the same data, but to colleagues only",
      from: at("dana"),
      to: [at("ann"), at("bob")],
      subject: "Cards for the audit",
      text: "The sample card of the audit is 4111 1111 1111 1111, valid until 12/28.",
    },
  ];
  return Promise.all(
    drafts.map(async (draft) => ({ story: draft.story, from: draft.from, mime: await compose(draft) })),
  );
}

/** Looks like a key, holds none. */
function keyBlock(): string {
  const filler = Buffer.alloc(144, "no key at all; ").toString("base64");
  const body = filler.match(/.{1,64}/g)?.join("\n") ?? "";
  return `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`;
}

function compose({ story: _story, attachments, to, cc, ...draft }: Draft): Promise<Buffer> {
  const composer = new MailComposer({
    ...draft,
    to: [...to],
    ...(cc ? { cc: [...cc] } : {}),
    attachments: (attachments ?? []).map((attachment) => ({ ...attachment, content: Buffer.from(attachment.content) })),
  });
  return composer.compile().build();
}
