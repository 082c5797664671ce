import type { BuiltInDetector } from "./detector.ts";
import { awsAccessKey } from "./detectors/aws-access-key.ts";
import { creditCard } from "./detectors/credit-card.ts";
import { emailAddress } from "./detectors/email-address.ts";
import { gbNhs } from "./detectors/gb-nhs.ts";
import { iban } from "./detectors/iban.ts";
import { nlBsn } from "./detectors/nl-bsn.ts";
import { privateKey } from "./detectors/private-key.ts";
import { usDea } from "./detectors/us-dea.ts";
import { usNpi } from "./detectors/us-npi.ts";
import { usSsn } from "./detectors/us-ssn.ts";

/** Every detector that ships with Postern. To add one: a file in `detectors/` and a line here. */
export const builtInDetectors: readonly BuiltInDetector[] = [
  awsAccessKey,
  creditCard,
  emailAddress,
  gbNhs,
  iban,
  nlBsn,
  privateKey,
  usDea,
  usNpi,
  usSsn,
];
