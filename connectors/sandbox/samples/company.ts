/** Twenty people of one company; every third has a manager who gets notices. */
const NAMES = [
  ["ann", "Ann Avery"],
  ["bob", "Bob Brandt"],
  ["carl", "Carl Costa"],
  ["dana", "Dana Dekker"],
  ["eve", "Eve Eriksen"],
  ["finn", "Finn Fischer"],
  ["gina", "Gina Garcia"],
  ["hugo", "Hugo Haas"],
  ["iris", "Iris Ito"],
  ["jan", "Jan Janssen"],
] as const;

export interface Colleague {
  readonly address: string;
  readonly displayName: string;
  readonly manager: string | null;
}

/** The people of one domain. The first is everybody's manager; `dlp@` is the mailbox that sends the notices. */
export function colleagues(domain: string): readonly Colleague[] {
  const boss = `${NAMES[0][0]}@${domain}`;
  return [
    ...NAMES.map(([name, displayName]) => {
      const address = `${name}@${domain}`;
      return { address, displayName, manager: address === boss ? null : boss };
    }),
    { address: `dlp@${domain}`, displayName: "Data protection", manager: null },
  ];
}
