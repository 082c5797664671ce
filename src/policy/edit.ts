import { type Document, isMap, isSeq, parseDocument, visit, type YAMLMap, type YAMLSeq } from "yaml";
import { scopeName } from "./scope-name.ts";

/** The lists of a policy whose entries have an id. */
export type PolicyList = "detectors" | "groups" | "rules";

/** One change to a written policy. Whether the outcome is sound is `loadPolicy`'s to say. */
export type PolicyEdit =
  /** Replaces the entry with this id, or adds it. */
  | {
      readonly kind: "put";
      readonly list: PolicyList;
      readonly id: string;
      readonly value: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "remove"; readonly list: PolicyList; readonly id: string }
  /** `null` takes a scope's own value or selection away, so that it inherits again; what is left out stays. */
  | {
      readonly kind: "scope";
      readonly scope: string;
      readonly settings?: Readonly<Record<string, unknown>>;
      readonly rules?: readonly string[] | null;
    }
  | { readonly kind: "skip-list"; readonly words: "default" | readonly string[] };

/**
 * The text of a sound policy with some changes made to it, in order. Comments and the order of what is not changed
 * stay as they were written.
 */
export function editPolicy(source: string, format: "yaml" | "json", edits: readonly PolicyEdit[]): string {
  const document = withoutAliases(parseDocument(source, { uniqueKeys: false }));
  for (const edit of edits) apply(document, edit);
  return format === "json" ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0 });
}

/** A node that others repeat by an alias cannot be changed by itself: such a document is written out first. */
function withoutAliases(document: Document): Document {
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
    },
  });
  if (aliases === 0) return document;
  const plain = document.clone();
  plain.contents = document.createNode(document.toJS(), { aliasDuplicateObjects: false });
  return plain;
}

function apply(document: Document, edit: PolicyEdit): void {
  switch (edit.kind) {
    case "put": {
      const list = listOf(document, edit.list);
      const index = indexOf(list, edit.id);
      const { id: _id, ...value } = edit.value;
      list.items[index < 0 ? list.items.length : index] = document.createNode({ id: edit.id, ...value });
      return;
    }
    case "remove": {
      const list = listOf(document, edit.list);
      list.items = list.items.filter((_item, index) => index !== indexOf(list, edit.id));
      return;
    }
    case "scope":
      editScope(document, edit);
      return;
    case "skip-list":
      document.set("skipList", document.createNode(edit.words));
  }
}

function listOf(document: Document, name: PolicyList): YAMLSeq {
  const present: unknown = document.get(name);
  if (isSeq(present)) {
    // An empty list is written `[]`; what follows stands better in lines.
    if (present.items.length === 0) present.flow = false;
    return present;
  }
  const made = document.createNode([]) as YAMLSeq;
  document.set(name, made);
  return made;
}

function indexOf(list: YAMLSeq, id: string): number {
  return list.items.findIndex((item) => isMap(item) && item.get("id") === id);
}

function editScope(document: Document, edit: Extract<PolicyEdit, { kind: "scope" }>): void {
  const scopes = mapIn(document, document, "scopes");
  const wanted = scopeName(edit.scope);
  const written = scopes.items.map((pair) => keyOf(pair.key)).find((key) => scopeName(key) === wanted);
  const scope = mapIn(document, scopes, written ?? wanted);
  if (edit.rules === null) scope.delete("rules");
  else if (edit.rules !== undefined) scope.set("rules", document.createNode(edit.rules));
  const changes = Object.entries(edit.settings ?? {});
  if (changes.length === 0) return;
  const settings = mapIn(document, scope, "settings");
  for (const [name, value] of changes) {
    if (value === null) settings.delete(name);
    else settings.set(name, document.createNode(value));
  }
}

/** The map under a key, made when it is not there. */
function mapIn(document: Document, parent: Document | YAMLMap, key: string): YAMLMap {
  const present: unknown = parent.get(key);
  if (isMap(present)) return present;
  const made = document.createNode({}) as YAMLMap;
  parent.set(key, made);
  return made;
}

function keyOf(key: unknown): string {
  return String((key as { readonly value?: unknown } | null)?.value ?? key);
}
