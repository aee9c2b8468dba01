import { expect, test } from 'vitest'
import { checkedTunnelUrl } from '../../src/driver/tunnel-url.js'

test.each([
  ['wss://example.com', 'wss://example.com'],
  ['wss://example.com:8443/a/', 'wss://example.com:8443/a'],
  ['ws://127.0.0.1:4433#', 'ws://127.0.0.1:4433'],
  ['ws://127.0.0.1:4433?', 'ws://127.0.0.1:4433'],
  ['\0 ws://127.0.0.1:4433\n', 'ws://127.0.0.1:4433'],
])('%j has a path put behind it as %s', (text, url) => {
  expect(checkedTunnelUrl(text)).toBe(url)
})
