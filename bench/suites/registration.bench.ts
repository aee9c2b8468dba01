import type { CryptoProvider } from 'fido-hybrid'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import { nobleProvider } from 'fido-hybrid/wire'
import type { Suite } from '../harness/group.js'
import type { Variant } from '../harness/rounds.js'
import { registrar } from './registration/devices.js'

const PROVIDERS = { 'node provider': nodeCryptoProvider, 'noble provider': nobleProvider }
const WARM_UPS = 5

/** From the click to the end: QR code, advert, two WebSockets through a real tunnel service, handshake, passkey, goodbye. */
export const measure: Suite = async context => {
  const service = await serveTunnel({ port: 0 })
  try {
    const variants: Variant[] = []
    for (const [name, crypto] of Object.entries(PROVIDERS))
      variants.push({ name, sample: await registration(crypto, service.url, context.quick ? 1 : WARM_UPS) })
    await context.group({
      name: 'loopback',
      title: 'A whole registration on loopback: laptop, tunnel service and phone in one process',
      unit: 'ms',
      variants,
      claims: [{ of: 'node provider', against: 'noble provider', atLeast: 4 }],
    })
  } finally {
    await service.close()
  }
}

async function registration(
  crypto: CryptoProvider,
  tunnelUrl: string,
  warmUps: number,
): Promise<() => Promise<number>> {
  const dialer = wsDialer()
  const register = registrar({ crypto, tunnelUrl, laptopDialer: dialer, phoneDialer: dialer })
  for (let run = 0; run < warmUps; run++) await register()
  return async () => {
    const start = performance.now()
    await register()
    return performance.now() - start
  }
}
