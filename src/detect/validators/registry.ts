import type { Validator } from "../detector.ts";
import { bsn } from "./bsn.ts";
import { dea } from "./dea.ts";
import { iban } from "./iban.ts";
import { luhn } from "./luhn.ts";
import { nhs } from "./nhs.ts";
import { npi } from "./npi.ts";
import { paymentCard } from "./payment-card.ts";
import { usSsn } from "./us-ssn.ts";

const all: readonly Validator[] = [bsn, dea, iban, luhn, nhs, npi, paymentCard, usSsn];

/** Every validator that a policy's detector can name, by id. */
export const validators: ReadonlyMap<string, Validator> = new Map(all.map((validator) => [validator.id, validator]));
