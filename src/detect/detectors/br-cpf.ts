import type { BuiltInDetector } from "../detector.ts";
import { brCpf as validator } from "../validators/br-cpf.ts";

export const brCpf: BuiltInDetector = {
  id: "br-cpf",
  description: "Brazilian individual taxpayer numbers (CPF)",
  source: "Receita Federal do Brasil",
  view: "folded",
  shapes: [
    { pattern: "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}", weight: 0.35, note: "the official written form" },
    { pattern: "\\d{3}[ .]\\d{3}[ .]\\d{3}[ .]\\d{2}", weight: 0.2, note: "3-3-3-2 digits" },
    { pattern: "\\d{9}-\\d{2}", weight: 0.2, note: "9-2 digits" },
    { pattern: "\\d{11}", weight: 0.15, note: "11 digits" },
  ],
  validator,
  context: [...["cpf", "cpf/mf", "cadastro de pessoas físicas", "cadastro de pessoa física", "contribuinte"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "CPF 529.982.247-25",
      "529.982.247-25",
      "cpf: 52998224725",
      "CPF nº 529982247-25",
      "contribuinte 111.444.777-35",
    ],
    negative: ["CPF 529.982.247-26", "CPF 111.111.111-11", "52998224725", "1529.982.247-25", "pedido 52998224725"],
  },
};
