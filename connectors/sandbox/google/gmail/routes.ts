import type { Route } from "../http/route.ts";
import { draftRoutes } from "./drafts.ts";
import { historyRoute } from "./history.ts";
import { labelRoutes } from "./labels.ts";
import { messageListRoute } from "./message-list.ts";
import { messageAddRoutes } from "./messages-add.ts";
import { messageChangeRoutes } from "./messages-change.ts";
import { messageReadRoutes } from "./messages-read.ts";
import { settingsRoutes } from "./settings.ts";
import { watchRoutes } from "./watch.ts";

/** Every Gmail method that the sandbox has. Fixed words in a path come before `{id}`, which would take them. */
export const gmailRoutes: readonly Route[] = [
  ...watchRoutes,
  historyRoute,
  messageListRoute,
  ...messageAddRoutes,
  ...messageChangeRoutes,
  ...messageReadRoutes,
  ...draftRoutes,
  ...labelRoutes,
  ...settingsRoutes,
];
