import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";

/** A whole page. The renderer escapes every value; pages never insert raw HTML. */
export function page(title: string, who: Viewer | undefined, content: ComponentChildren): string {
  return `<!doctype html>${renderToString(
    <html lang="en" data-theme="light">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · Postern`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/pico.css" />
        <link rel="stylesheet" href="/assets/console.css" />
      </head>
      <body>
        <header class="container">
          <nav>
            <ul>
              <li>
                <strong>Postern</strong>
              </li>
            </ul>
            {who && (
              <ul>
                <li>
                  <a href="/">Incidents</a>
                </li>
                <li>
                  <a href="/#quarantine">Quarantine</a>
                </li>
                <li>
                  <a href="/exports">Exports</a>
                </li>
                <li>
                  <Form action="/sign-out" viewer={who}>
                    <button type="submit" class="secondary">
                      Sign out
                    </button>
                  </Form>
                </li>
              </ul>
            )}
          </nav>
        </header>
        <main class="container">{content}</main>
      </body>
    </html>,
  )}`;
}

/** Who looks at the page, and the token that his forms carry. */
export interface Viewer {
  readonly who: string;
  readonly formToken: string;
}

/** A form that changes something: posts, and proves that it comes from this session's page. */
export function Form(properties: {
  readonly action: string;
  readonly viewer: Viewer;
  readonly children: ComponentChildren;
}) {
  return (
    <form method="post" action={properties.action}>
      <input type="hidden" name="form-token" value={properties.viewer.formToken} />
      {properties.children}
    </form>
  );
}
