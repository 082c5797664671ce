import { randomUUID } from "node:crypto";
import { type Call, jsonBody, type Route } from "../call.ts";
import { badRequest, GraphError } from "../graph-error.ts";
import { page } from "../query.ts";
import { mailboxOf } from "../tenant.ts";

const readCategories = ["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
const writeCategories = ["MailboxSettings.ReadWrite"];

/** A mailbox's list of coloured categories. */
export function categoryRoutes(): readonly Route[] {
  const path = "users/:user/outlook/masterCategories";
  const categoryAt = (call: Call, user: string | undefined, id: string | undefined) => {
    const { masterCategories } = mailboxOf(call.tenant, user ?? "");
    const category = masterCategories.get(id ?? "");
    if (!category) throw new GraphError(404, "ErrorItemNotFound", "The category was not found.");
    return { masterCategories, category };
  };
  return [
    {
      method: "GET",
      path,
      roles: readCategories,
      handle: async (call, { user }) => {
        const categories = [...mailboxOf(call.tenant, user ?? "").masterCategories.values()];
        return { status: 200, body: await page(call, categories, (category) => category, 100) };
      },
    },
    {
      method: "POST",
      path,
      roles: writeCategories,
      handle: (call, { user }) => {
        const { masterCategories } = mailboxOf(call.tenant, user ?? "");
        const { displayName, color } = jsonBody(call);
        if (typeof displayName !== "string" || displayName === "") throw badRequest("displayName is required.");
        const same = [...masterCategories.values()].some(
          (one) => one.displayName.toLowerCase() === displayName.toLowerCase(),
        );
        if (same)
          throw new GraphError(409, "CategoryNameAlreadyExists", "A category with the same name already exists.");
        const category = { id: randomUUID(), displayName, color: typeof color === "string" ? color : "none" };
        masterCategories.set(category.id, category);
        return { status: 201, body: category };
      },
    },
    {
      method: "PATCH",
      path: `${path}/:id`,
      roles: writeCategories,
      handle: (call, { user, id }) => {
        const { category } = categoryAt(call, user, id);
        const { color } = jsonBody(call);
        if (typeof color === "string") category.color = color;
        return { status: 200, body: category };
      },
    },
    {
      method: "DELETE",
      path: `${path}/:id`,
      roles: writeCategories,
      handle: (call, { user, id }) => {
        const { masterCategories, category } = categoryAt(call, user, id);
        masterCategories.delete(category.id);
        return { status: 204 };
      },
    },
  ];
}
