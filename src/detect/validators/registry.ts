import type { Validator } from "../detector.ts";
import { auAbn } from "./au-abn.ts";
import { auMedicare } from "./au-medicare.ts";
import { auTfn } from "./au-tfn.ts";
import { beRrn } from "./be-rrn.ts";
import { bic } from "./bic.ts";
import { brCnpj } from "./br-cnpj.ts";
import { brCpf } from "./br-cpf.ts";
import { bsn } from "./bsn.ts";
import { caSin } from "./ca-sin.ts";
import { chAhv } from "./ch-ahv.ts";
import { cnResidentId } from "./cn-resident-id.ts";
import { cryptoWallet } from "./crypto-wallet.ts";
import { deSteuerId } from "./de-steuer-id.ts";
import { dea } from "./dea.ts";
import { dkCpr } from "./dk-cpr.ts";
import { esDni, esNie } from "./es-dni.ts";
import { fiHetu } from "./fi-hetu.ts";
import { frNir } from "./fr-nir.ts";
import { frSpi } from "./fr-spi.ts";
import { gbNino } from "./gb-nino.ts";
import { githubToken } from "./github-token.ts";
import { hkHkid } from "./hk-hkid.ts";
import { iban } from "./iban.ts";
import { iePpsn } from "./ie-ppsn.ts";
import { imei } from "./imei.ts";
import { inAadhaar } from "./in-aadhaar.ts";
import { inGstin } from "./in-gstin.ts";
import { inPan } from "./in-pan.ts";
import { itCodiceFiscale } from "./it-codice-fiscale.ts";
import { itPartitaIva } from "./it-partita-iva.ts";
import { jpMyNumber } from "./jp-my-number.ts";
import { krRrn } from "./kr-rrn.ts";
import { luhn } from "./luhn.ts";
import { mrz } from "./mrz.ts";
import { mxCurp } from "./mx-curp.ts";
import { nhs } from "./nhs.ts";
import { noFodselsnummer } from "./no-fodselsnummer.ts";
import { npi } from "./npi.ts";
import { nzIrd } from "./nz-ird.ts";
import { paymentCard } from "./payment-card.ts";
import { plPesel } from "./pl-pesel.ts";
import { ptNif } from "./pt-nif.ts";
import { sePersonnummer } from "./se-personnummer.ts";
import { sgNric } from "./sg-nric.ts";
import { trTckn } from "./tr-tckn.ts";
import { usAbaRouting } from "./us-aba-routing.ts";
import { usEin } from "./us-ein.ts";
import { usItin } from "./us-itin.ts";
import { usMbi } from "./us-mbi.ts";
import { usSsn } from "./us-ssn.ts";
import { verhoeff } from "./verhoeff.ts";
import { vin } from "./vin.ts";
import { zaId } from "./za-id.ts";

const all: readonly Validator[] = [
  auAbn,
  auMedicare,
  auTfn,
  beRrn,
  bic,
  brCnpj,
  brCpf,
  bsn,
  caSin,
  chAhv,
  cnResidentId,
  cryptoWallet,
  deSteuerId,
  dea,
  dkCpr,
  esDni,
  esNie,
  fiHetu,
  frNir,
  frSpi,
  gbNino,
  githubToken,
  hkHkid,
  iban,
  iePpsn,
  imei,
  inAadhaar,
  inGstin,
  inPan,
  itCodiceFiscale,
  itPartitaIva,
  jpMyNumber,
  krRrn,
  luhn,
  mrz,
  mxCurp,
  nhs,
  noFodselsnummer,
  npi,
  nzIrd,
  paymentCard,
  plPesel,
  ptNif,
  sePersonnummer,
  sgNric,
  trTckn,
  usAbaRouting,
  usEin,
  usItin,
  usMbi,
  usSsn,
  verhoeff,
  vin,
  zaId,
];

/** Every validator that a policy's detector can name, by id. */
export const validators: ReadonlyMap<string, Validator> = new Map(all.map((validator) => [validator.id, validator]));
