// Last step of the build: a migrated, empty database, from which an embedded one starts in a tenth of the time.
import { pathToFileURL } from "node:url";

const build = pathToFileURL(`${process.argv[2]}/`);
const { openQueues } = await import(new URL("src/queue/queues.js", build).href);
const { writeTemplate } = await import(new URL("src/store/template.js", build).href);

const folder = new URL("src/store/template", build);
await writeTemplate(folder.pathname, async (database) => (await openQueues({}, database)).close());
