// Last step of the build: a migrated, empty database, from which an embedded one starts in a tenth of the time.
import { openQueues } from "../dist/src/queue/queues.js";
import { writeTemplate } from "../dist/src/store/template.js";

const file = new URL("../dist/src/store/template.tgz", import.meta.url);
await writeTemplate(file.pathname, async (database) => (await openQueues({}, database)).close());
