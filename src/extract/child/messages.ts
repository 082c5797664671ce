/** Messages between a pool and its children, sent with structured clone ("advanced" serialisation). */
export type ToChild =
  | { readonly type: "run"; readonly id: number; readonly request: unknown }
  | { readonly type: "answer"; readonly ask: number; readonly ok: boolean; readonly value: unknown }
  | { readonly type: "abort"; readonly id: number };

export type FromChild =
  | { readonly type: "ready" }
  | { readonly type: "reply"; readonly id: number; readonly reply: unknown }
  | { readonly type: "failed"; readonly id: number }
  | { readonly type: "progress"; readonly id: number; readonly value: unknown }
  | { readonly type: "ask"; readonly id: number; readonly ask: number; readonly question: unknown };
