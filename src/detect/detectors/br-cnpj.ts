import type { BuiltInDetector } from "../detector.ts";
import { brCnpj as validator } from "../validators/br-cnpj.ts";

export const brCnpj: BuiltInDetector = {
  id: "br-cnpj",
  description: "Brazilian company numbers (CNPJ), numeric and alphanumeric",
  source: "Receita Federal do Brasil",
  view: "folded",
  shapes: [
    {
      pattern: "[0-9A-Za-z]{2}\\.[0-9A-Za-z]{3}\\.[0-9A-Za-z]{3}/[0-9A-Za-z]{4}-\\d{2}",
      weight: 0.35,
      note: "the official written form",
    },
    { pattern: "\\d{14}", weight: 0.12, note: "14 digits" },
    { pattern: "\\d{8}/\\d{4}-\\d{2}", weight: 0.3, note: "8/4-2 digits" },
  ],
  validator,
  context: [...["cnpj", "cnpj/mf", "cadastro nacional da pessoa jurídica"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "CNPJ 11.222.333/0001-81",
      "11.222.333/0001-81",
      "cnpj: 11222333000181",
      "12.ABC.345/01DE-35",
      "empresa 11222333/0001-81",
    ],
    negative: [
      "CNPJ 11.222.333/0001-82",
      "11222333000181",
      "CNPJ 112223330001810",
      "12.ABC.345/01DE-34",
      "pedido 11222333000181",
    ],
  },
};
