/** Joins the lines of format=flowed text (RFC 3676): a line that ends in a space goes on in the next one. */
export function unflow(text: string, deleteSpace: boolean): string {
  const output: string[] = [];
  let depth = -1;
  let open = false;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const quotes = /^>*/.exec(raw)?.[0].length ?? 0;
    let line = raw.slice(quotes);
    if (line.startsWith(" ")) line = line.slice(1);
    const signature = line === "-- ";
    const flows = line.endsWith(" ") && !signature;
    const content = flows && deleteSpace ? line.slice(0, -1) : line;
    if (open && quotes === depth && !signature) output.push(content);
    else output.push(output.length === 0 ? "" : "\n", ">".repeat(quotes), quotes > 0 ? " " : "", content);
    open = flows;
    depth = quotes;
  }
  return output.join("");
}
