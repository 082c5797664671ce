/** The row of titles of a table. */
export function Titles({ of }: { readonly of: readonly string[] }) {
  return (
    <thead>
      <tr>
        {of.map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** To the second, in UTC; the title of the column says so. */
export function time(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}
