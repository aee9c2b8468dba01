import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The strictest policy that a page with scripts can have: its own scripts, and nothing else. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
}
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' }

export interface PageServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Serves an empty page on loopback, under a strict policy, that loads `main.js`.
 *
 * @param scripts file names, such as `main.js`, and their text.
 * @param connect what the page may connect to (CSP `connect-src`); nothing unless given.
 */
export async function servePage(
  scripts: ReadonlyMap<string, string>,
  connect = "'none'",
): Promise<PageServer> {
  const policy = Object.entries({ ...POLICY, 'connect-src': connect }).map(entry => entry.join(' '))
  const page = `<!doctype html>
<html lang="en">
<head><title>fido-hybrid</title><script type="module" src="main.js"></script></head>
<body></body>
</html>`
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1)
    const text = name === '' ? page : scripts.get(name)
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': name === '' ? TYPES.html : TYPES.js,
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
    })
    response.end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise(resolve => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
