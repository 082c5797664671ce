import type { BuiltInDetector } from "./detector.ts";
import { auAbn } from "./detectors/au-abn.ts";
import { auMedicare } from "./detectors/au-medicare.ts";
import { auTfn } from "./detectors/au-tfn.ts";
import { awsAccessKey } from "./detectors/aws-access-key.ts";
import { azureStorageKey } from "./detectors/azure-storage-key.ts";
import { beRrn } from "./detectors/be-rrn.ts";
import { brCnpj } from "./detectors/br-cnpj.ts";
import { brCpf } from "./detectors/br-cpf.ts";
import { caSin } from "./detectors/ca-sin.ts";
import { chAhv } from "./detectors/ch-ahv.ts";
import { cnResidentId } from "./detectors/cn-resident-id.ts";
import { connectionString } from "./detectors/connection-string.ts";
import { creditCard } from "./detectors/credit-card.ts";
import { cryptoWallet } from "./detectors/crypto-wallet.ts";
import { dateOfBirth } from "./detectors/date-of-birth.ts";
import { deSteuerId } from "./detectors/de-steuer-id.ts";
import { deviceImei } from "./detectors/device-imei.ts";
import { dkCpr } from "./detectors/dk-cpr.ts";
import { emailAddress } from "./detectors/email-address.ts";
import { esDni } from "./detectors/es-dni.ts";
import { esNie } from "./detectors/es-nie.ts";
import { fiHetu } from "./detectors/fi-hetu.ts";
import { frNir } from "./detectors/fr-nir.ts";
import { frSpi } from "./detectors/fr-spi.ts";
import { gbNhs } from "./detectors/gb-nhs.ts";
import { gbNino } from "./detectors/gb-nino.ts";
import { gcpApiKey } from "./detectors/gcp-api-key.ts";
import { genericSecret } from "./detectors/generic-secret.ts";
import { githubToken } from "./detectors/github-token.ts";
import { hkHkid } from "./detectors/hk-hkid.ts";
import { iban } from "./detectors/iban.ts";
import { icd10 } from "./detectors/icd-10.ts";
import { iePpsn } from "./detectors/ie-ppsn.ts";
import { inAadhaar } from "./detectors/in-aadhaar.ts";
import { inGstin } from "./detectors/in-gstin.ts";
import { inPan } from "./detectors/in-pan.ts";
import { ipAddress } from "./detectors/ip-address.ts";
import { itCodiceFiscale } from "./detectors/it-codice-fiscale.ts";
import { itPartitaIva } from "./detectors/it-partita-iva.ts";
import { jpMyNumber } from "./detectors/jp-my-number.ts";
import { jwt } from "./detectors/jwt.ts";
import { krRrn } from "./detectors/kr-rrn.ts";
import { magneticTrack } from "./detectors/magnetic-track.ts";
import { medicalTerms } from "./detectors/medical-terms.ts";
import { mxCurp } from "./detectors/mx-curp.ts";
import { nlBsn } from "./detectors/nl-bsn.ts";
import { noFodselsnummer } from "./detectors/no-fodselsnummer.ts";
import { nzIrd } from "./detectors/nz-ird.ts";
import { passportMrz } from "./detectors/passport-mrz.ts";
import { passwordInText } from "./detectors/password-in-text.ts";
import { phoneNumber } from "./detectors/phone-number.ts";
import { plPesel } from "./detectors/pl-pesel.ts";
import { privateKey } from "./detectors/private-key.ts";
import { ptNif } from "./detectors/pt-nif.ts";
import { sePersonnummer } from "./detectors/se-personnummer.ts";
import { serviceToken } from "./detectors/service-token.ts";
import { sgNric } from "./detectors/sg-nric.ts";
import { slackToken } from "./detectors/slack-token.ts";
import { stripeKey } from "./detectors/stripe-key.ts";
import { swiftBic } from "./detectors/swift-bic.ts";
import { trTckn } from "./detectors/tr-tckn.ts";
import { usAbaRouting } from "./detectors/us-aba-routing.ts";
import { usDea } from "./detectors/us-dea.ts";
import { usEin } from "./detectors/us-ein.ts";
import { usItin } from "./detectors/us-itin.ts";
import { usMbi } from "./detectors/us-mbi.ts";
import { usNpi } from "./detectors/us-npi.ts";
import { usSsn } from "./detectors/us-ssn.ts";
import { vehicleVin } from "./detectors/vehicle-vin.ts";
import { zaId } from "./detectors/za-id.ts";

/** Every detector that ships with Postern. To add one: a file in `detectors/` and a line here. */
export const builtInDetectors: readonly BuiltInDetector[] = [
  auAbn,
  auMedicare,
  auTfn,
  awsAccessKey,
  azureStorageKey,
  beRrn,
  brCnpj,
  brCpf,
  caSin,
  chAhv,
  cnResidentId,
  connectionString,
  creditCard,
  cryptoWallet,
  dateOfBirth,
  deSteuerId,
  deviceImei,
  dkCpr,
  emailAddress,
  esDni,
  esNie,
  fiHetu,
  frNir,
  frSpi,
  gbNhs,
  gbNino,
  gcpApiKey,
  genericSecret,
  githubToken,
  hkHkid,
  iban,
  icd10,
  iePpsn,
  inAadhaar,
  inGstin,
  inPan,
  ipAddress,
  itCodiceFiscale,
  itPartitaIva,
  jpMyNumber,
  jwt,
  krRrn,
  magneticTrack,
  medicalTerms,
  mxCurp,
  nlBsn,
  noFodselsnummer,
  nzIrd,
  passportMrz,
  passwordInText,
  phoneNumber,
  plPesel,
  privateKey,
  ptNif,
  sePersonnummer,
  serviceToken,
  sgNric,
  slackToken,
  stripeKey,
  swiftBic,
  trTckn,
  usAbaRouting,
  usDea,
  usEin,
  usItin,
  usMbi,
  usNpi,
  usSsn,
  vehicleVin,
  zaId,
];
