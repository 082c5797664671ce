import type { DirectoryGroup, DirectoryMailbox, GoogleTenantSettings } from "../../src/core/tenant.ts";

/** An entry of the tenant's choice that names an organisational unit by its path: `ou:/Sales/Export`. */
const PREFIX = "ou:";

/** Organisational units that the tenant's choice names, taken or left out, in lower case with `ou:` before the path. */
export function chosenUnits({ mailboxes }: Pick<GoogleTenantSettings, "mailboxes">): readonly string[] {
  if (mailboxes === "all") return [];
  const named = mailboxes.map((entry) => entry.toLowerCase().replace(/^!/, ""));
  return [...new Set(named.filter((entry) => entry.startsWith(PREFIX)))];
}

/**
 * The units as groups, so that the choice finds their members like those of any group. A unit holds the units below it,
 * as it does for Google's own settings. No mail address is like a unit's name.
 */
export function unitGroups(
  units: readonly string[],
  mailboxes: readonly (Pick<DirectoryMailbox, "address"> & { readonly unit: string })[],
): readonly DirectoryGroup[] {
  return units.map((address) => {
    const path = withSlash(address.slice(PREFIX.length));
    const members = mailboxes.filter(({ unit }) => withSlash(unit.toLowerCase()).startsWith(path));
    return { address, aliases: [], members: members.map((one) => one.address) };
  });
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
