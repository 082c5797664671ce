export interface Person {
  /** Directory id, decimal. */
  readonly id: string;
  /** Primary address, lower case. */
  readonly address: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Free text in Google's directory; normally an address. */
  readonly manager: string | null;
  /** For instance `nl`, null when none is set. */
  readonly language: string | null;
  readonly isAdmin: boolean;
  /** Path of the organisational unit, `/` for the topmost. */
  unit: string;
  suspended: boolean;
  isMailboxSetup: boolean;
}

export interface Group {
  readonly id: string;
  readonly address: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Addresses of people and groups, inside or outside the organisation. */
  readonly members: readonly string[];
}

/** Everyone and every group of the sandbox's organisation. */
export interface People {
  readonly persons: Map<string, Person>;
  readonly groups: Map<string, Group>;
}

/** Finds a person by primary address, alias or directory id. */
export function findPerson(people: People, key: string): Person | undefined {
  const wanted = key.toLowerCase();
  return (
    people.persons.get(wanted) ??
    [...people.persons.values()].find((person) => person.id === wanted || person.aliases.includes(wanted))
  );
}

/** Finds a group by address, alias or id. */
export function findGroup(people: People, key: string): Group | undefined {
  const wanted = key.toLowerCase();
  return (
    people.groups.get(wanted) ??
    [...people.groups.values()].find((group) => group.id === wanted || group.aliases.includes(wanted))
  );
}

/** All members through nested groups, the groups themselves included; cycles are harmless. */
export function derivedMembers(people: People, group: Group): readonly string[] {
  const seen = new Set<string>();
  const open = [...group.members];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(findGroup(people, next)?.members ?? []));
  }
  return [...seen];
}

/** `ann+news@corp.example` is `ann@corp.example` to Gmail. */
export function withoutPlusTag(address: string): string {
  return address.replace(/\+[^@]*(?=@)/, "");
}
