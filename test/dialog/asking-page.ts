import type { Page } from 'playwright-core'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A relying party’s origin with nothing but an empty page. */
export interface EmptySite {
  readonly origin: string
  close(): Promise<void>
}

export async function serveEmptySite(): Promise<EmptySite> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><html lang="en"><title>Example</title></html>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What came of a request: the response, or the name of the error as the page sees it. */
export type Outcome<Response> = { readonly response: Response } | { readonly error: string }

/**
 * Has the page ask its browser.
 * @param options JSON, as a relying party sends it. @param signal an expression, such as `AbortSignal.timeout(1000)`.
 */
export function ask<Response>(
  page: Page,
  method: 'create' | 'get',
  options: object,
  signal = 'undefined',
): Promise<Outcome<Response>> {
  const parse = method === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  return page.evaluate(`(async () => {
    try {
      const publicKey = PublicKeyCredential.${parse}(${JSON.stringify(options)})
      const credential = await navigator.credentials.${method}({ publicKey, signal: ${signal} })
      return { response: credential.toJSON() }
    } catch (error) {
      return { error: error.name }
    }
  })()`)
}
