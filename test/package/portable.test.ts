import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { ENTRIES } from '../../.config/package-files.js'
import { cases } from '../support/cases.js'
import { PORTABLE, PORTABLE_BUILD } from '../support/portable-build.js'

async function bundle(entry: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: [ENTRIES[entry] ?? entry],
    ...PORTABLE_BUILD,
    format: 'iife',
    globalName: 'bundled',
  })
  expect(warnings).toEqual([])
  return outputFiles[0]?.text ?? ''
}

describe.each(PORTABLE)('the entry %s', entry => {
  test('bundles for no platform at all', async () => {
    expect(await bundle(entry)).not.toMatch(/\brequire\(|node:/)
  })
})

interface Wire {
  readonly nobleProvider: unknown
  decodeQrUrl(text: string): { readonly requestType: string; readonly knownTunnelServices: number }
  tunnelDomain(crypto: unknown, id: number): string
}

test('the codecs run where there is nothing but ECMAScript and the Encoding standard', async () => {
  const code = await bundle('wire')
  const wire = runInNewContext(`${code}; bundled`, { TextEncoder, TextDecoder }) as Wire
  const shown = cases<{ url: string; requestType: string; knownDomains: number }>('chromium-156', 'qr')
  for (const { url, requestType, knownDomains } of shown)
    expect(wire.decodeQrUrl(url)).toMatchObject({ requestType, knownTunnelServices: knownDomains })
  expect(wire.tunnelDomain(wire.nobleProvider, 0)).toBe('cable.ua5v.com')
})
