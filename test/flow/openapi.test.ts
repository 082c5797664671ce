import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowService, startFlowService } from "../support/flow-service.ts";

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

describe("the OpenAPI document", () => {
  let flow: FlowService;
  let document: Document;
  beforeAll(async () => {
    flow = await startFlowService({});
    document = (await flow.api.request("GET", "/api/openapi.json")).body as unknown as Document;
  });
  afterAll(() => flow.close());

  it("is valid OpenAPI 3.1 by somebody else's judgement", async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...structuredClone(document) })).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  it("names its objects, and every reference leads to one of them", () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target));
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(referred).toEqual(new Set(named));
  });

  it("documents problems for every operation, and says what a limit may be", () => {
    for (const operations of Object.values(document.paths))
      for (const { responses, parameters = [] } of Object.values(operations)) {
        expect(responses.default?.content).toHaveProperty(["application/problem+json", "schema", "$ref"]);
        const limit = parameters.find(({ name }) => name === "limit");
        if (limit) expect(limit.schema).toMatchObject({ type: "integer", minimum: 1, maximum: 500, default: 50 });
      }
  });

  it("describes what is really answered", async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const fits = (schema: object | undefined, body: unknown) => {
      const check = ajv.compile({ ...schema, components: document.components });
      expect(check(body), ajv.errorsText(check.errors)).toBe(true);
    };
    const plain = Object.entries(document.paths).filter(([path, { get }]) => get && !path.includes("{"));
    expect(plain.length).toBeGreaterThan(10);
    for (const [path, { get }] of plain) {
      const { status, body } = await flow.api.request("GET", path);
      const answer = get?.responses[status] ?? get?.responses.default;
      fits(Object.values(answer?.content ?? {})[0]?.schema, body);
    }
    const refused = await flow.api.request("GET", "/api/v1/messages?limit=x&since=x");
    fits(document.components.schemas.Problem, refused.body);
    expect(refused.body.errors).toHaveLength(2);
  });
});
