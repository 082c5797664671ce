/** How the values of one detector are made: `#` a digit, `@` a capital, `D` `M` `Y` parts of a date, the rest as it is. */
export interface Kind {
  readonly detector: string;
  readonly validator: string;
  readonly forms: readonly string[];
  readonly keyword: string;
  /** Found without any context too. */
  readonly strong?: true;
}

const CARDS = ["4##############?", "51#############?", "2221###########?", "6011###########?", "3530###########?"];
const spaced = (form: string): string => form.replace(/(.{4})(?=.)/g, "$1 ");

export const KINDS: readonly Kind[] = [
  {
    detector: "credit-card",
    validator: "payment-card",
    keyword: "card number",
    strong: true,
    forms: [
      ...CARDS,
      ...CARDS.map(spaced),
      ...CARDS.map((form) => spaced(form).replaceAll(" ", "-")),
      "37############?",
      "3### ###### ####?",
      "30############",
      "62################?",
    ].map((form) => form.replace("?", "#")),
  },
  {
    detector: "iban",
    validator: "iban",
    keyword: "IBAN",
    strong: true,
    forms: [
      "DE####################",
      "DE## #### #### #### #### ##",
      "NL##@@@@##########",
      "GB## @@@@ #### #### #### ##",
      "FR## #### #### #### #### #### ###",
      "es##########",
      "no## #### #### ###",
    ].map((form) => (form.startsWith("es") ? `es${"#".repeat(22)}` : form)),
  },
  { detector: "us-ssn", validator: "us-ssn", keyword: "SSN", forms: ["###-##-####", "### ## ####", "#########"] },
  { detector: "us-itin", validator: "us-itin", keyword: "ITIN", forms: ["9##-##-####", "9## ## ####", "9########"] },
  { detector: "us-npi", validator: "npi", keyword: "NPI", forms: ["1#########", "2#########"] },
  { detector: "us-dea", validator: "dea", keyword: "DEA", forms: ["A@#######", "B@#######", "M@#######"] },
  { detector: "us-aba-routing", validator: "us-aba-routing", keyword: "routing number", forms: ["#########"] },
  { detector: "nl-bsn", validator: "bsn", keyword: "BSN", forms: ["#########", "####.##.###"] },
  { detector: "gb-nhs", validator: "nhs", keyword: "NHS number", forms: ["### ### ####", "##########"] },
  { detector: "gb-nino", validator: "gb-nino", keyword: "NI number", forms: ["@@ ## ## ## A", "@@######B"] },
  {
    detector: "de-steuer-id",
    validator: "de-steuer-id",
    keyword: "Steuer-ID",
    forms: ["###########", "## ### ### ###"],
  },
  {
    detector: "fr-nir",
    validator: "fr-nir",
    keyword: "Sécurité sociale",
    forms: ["1##0#75########", "2 ## 0# 75 ### ### ##"],
  },
  { detector: "es-dni", validator: "es-dni", keyword: "DNI", strong: true, forms: ["########@", "########-@"] },
  { detector: "es-nie", validator: "es-nie", keyword: "NIE", forms: ["X#######@", "Y-#######-@"] },
  {
    detector: "it-codice-fiscale",
    validator: "it-codice-fiscale",
    keyword: "Codice fiscale",
    strong: true,
    forms: ["@@@@@@##A1#@###@", "@@@@@@##T2#@###@"],
  },
  { detector: "pt-nif", validator: "pt-nif", keyword: "NIF", forms: ["#########", "### ### ###"] },
  { detector: "pl-pesel", validator: "pl-pesel", keyword: "PESEL", forms: ["YYMMDD#####"] },
  {
    detector: "be-rrn",
    validator: "be-rrn",
    keyword: "Rijksregisternummer",
    forms: ["YY.MM.DD-###.##", "YYMMDD#####"],
  },
  {
    detector: "se-personnummer",
    validator: "se-personnummer",
    keyword: "Personnummer",
    forms: ["YYMMDD-####", "19YYMMDD-####"],
  },
  {
    detector: "no-fodselsnummer",
    validator: "no-fodselsnummer",
    keyword: "Fødselsnummer",
    forms: ["DDMMYY#####", "DDMMYY #####"],
  },
  { detector: "ie-ppsn", validator: "ie-ppsn", keyword: "PPS number", forms: ["#######@", "#######@A"] },
  { detector: "ch-ahv", validator: "ch-ahv", keyword: "AHV", strong: true, forms: ["756.####.####.##"] },
  { detector: "in-aadhaar", validator: "in-aadhaar", keyword: "Aadhaar", forms: ["#### #### ####", "############"] },
  { detector: "in-pan", validator: "in-pan", keyword: "PAN card", forms: ["@@@P@####@", "@@@C@####@"] },
  { detector: "au-tfn", validator: "au-tfn", keyword: "TFN", forms: ["### ### ###", "#########"] },
  { detector: "au-abn", validator: "au-abn", keyword: "ABN", forms: ["## ### ### ###", "###########"] },
  { detector: "au-medicare", validator: "au-medicare", keyword: "Medicare", forms: ["#### ##### #", "##########"] },
  { detector: "ca-sin", validator: "ca-sin", keyword: "SIN", forms: ["### ### ###", "###-###-###", "#########"] },
  { detector: "br-cpf", validator: "br-cpf", keyword: "CPF", forms: ["###.###.###-##", "###########"] },
  {
    detector: "sg-nric",
    validator: "sg-nric",
    keyword: "NRIC",
    forms: ["S#######@", "T#######@", "F#######@", "G#######@", "M#######@"],
  },
  { detector: "kr-rrn", validator: "kr-rrn", keyword: "RRN", forms: ["YYMMDD-1######", "YYMMDD-2######"] },
  {
    detector: "jp-my-number",
    validator: "jp-my-number",
    keyword: "My Number",
    forms: ["############", "#### #### ####"],
  },
  {
    detector: "za-id",
    validator: "za-id",
    keyword: "ID number",
    forms: ["YYMMDD#####0#8#".slice(0, 13), "YYMMDD####08#"],
  },
];
