import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `npm run docs` puts the site. */
const BUILT = fileURLToPath(new URL('../../../.config/docs/.vitepress/dist', import.meta.url))

/** Browsers may ask for it, though each page brings an icon. */
const ICON = '/favicon.ico'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The address of each page of the site, such as `/guides/embed`, but the one for missing pages. */
export function pagePaths(): readonly string[] {
  return readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.html') && file !== '404.html')
    .map(file => `/${file}`.replace(/(?<=\/)index\.html$|\.html$/, ''))
    .sort()
}

/** The file that an address is answered with; undefined for none. */
export function fileAt(path: string): string | undefined {
  const tried = path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`]
  return tried.map(each => BUILT + decodeURI(each)).find(file => existsSync(file) && statSync(file).isFile())
}

export interface ServedSite {
  /** Without a slash at its end. */
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Serves the built site on loopback, as hosts of static pages do. */
export async function serveSite(): Promise<ServedSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (pathname === ICON) return response.writeHead(204).end()
    const file = fileAt(pathname)
    const sent = file ?? `${BUILT}/404.html`
    const type = TYPES[extname(sent)] ?? 'application/octet-stream'
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': type })
    return createReadStream(sent).pipe(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
