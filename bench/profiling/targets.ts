import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as soon } from 'node:timers/promises'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import { decodeCbor, encodeCbor } from 'fido-hybrid/wire'
import { runChild } from '../harness/children.js'
import { ROOT } from '../harness/places.js'
import { temporaryFolder } from '../harness/temporary-folder.js'
import { MESSAGES } from '../suites/cbor/messages.js'
import { eidTrial } from '../suites/eid/trial.js'
import { parties, shakeHands } from '../suites/handshake/parties.js'
import { sealAndOpen } from '../suites/handshake/traffic.js'
import { registrar } from '../suites/registration/devices.js'
import { holdCeremonies, openTunnels, sendMessages, startRelay } from '../suites/service/load.js'
import type { RemoteRelay } from '../suites/service/load.js'
import { profiled } from './cpu-profile.js'
import type { CpuProfile } from './cpu-profile.js'
import type { TargetName } from './target-names.js'

const [WARM_UP_MS, MEASURED_MS] = [500, 3000]
const CHILD_LIMIT_MS = 60_000

/** What each target makes its profile of. */
export const TARGETS: Readonly<Record<TargetName, () => Promise<CpuProfile>>> = {
  handshake: () => {
    const both = parties(nodeCryptoProvider, 'qr-initiated')
    return repeated(() => void shakeHands(nodeCryptoProvider, both))
  },
  'sealed-traffic': () => repeated(sealAndOpen(nodeCryptoProvider, 256)),
  eid: () => repeated(eidTrial(nodeCryptoProvider, 100)),
  'cbor-write': () => {
    const values = Object.values(MESSAGES)
    return repeated(() => values.forEach(value => encodeCbor(value)))
  },
  'cbor-read': () => {
    const messages = Object.values(MESSAGES).map(encodeCbor)
    return repeated(() => messages.forEach(bytes => decodeCbor(bytes)))
  },
  registration,
  'service-messages': () =>
    relayProfile(async relay => {
      const tunnels = await openTunnels(relay, 16)
      await sendMessages(relay.kind, tunnels, { count: 100_000, bytes: 256, onTheWay: 1 })
      for (const tunnel of tunnels) tunnel.destroy()
    }),
  'service-tunnels': () =>
    relayProfile(async relay => {
      for (let round = 0; round < 100; round++)
        for (const tunnel of await openTunnels(relay, 100)) tunnel.destroy()
    }),
  'service-ceremonies': () =>
    relayProfile(async relay => {
      for (let round = 0; round < 100; round++) await holdCeremonies(relay, { count: 100, bytes: 256 })
    }),
  import: () =>
    inChild(folder =>
      runChild(
        process.execPath,
        [...profileInto(folder), '--input-type=module', '--eval', "import 'fido-hybrid'"],
        {
          timeLimitMs: CHILD_LIMIT_MS,
          cwd: ROOT,
        },
      ),
    ),
}

/** The work over and over, warmed up. */
async function repeated(work: () => unknown): Promise<CpuProfile> {
  const during = async (ms: number): Promise<void> => {
    for (const end = performance.now() + ms; performance.now() < end;) {
      for (let run = 0; run < 10; run++) await work()
      await soon()
    }
  }
  await during(WARM_UP_MS)
  return profiled(() => during(MEASURED_MS))
}

async function registration(): Promise<CpuProfile> {
  const tunnel = await serveTunnel({ port: 0 })
  const dialer = wsDialer()
  const devices = { crypto: nodeCryptoProvider, tunnelUrl: tunnel.url }
  try {
    return await repeated(registrar({ ...devices, laptopDialer: dialer, phoneDialer: dialer }))
  } finally {
    await tunnel.close()
  }
}

/** The relay alone: its load comes from another process. */
function relayProfile(load: (relay: RemoteRelay) => Promise<void>): Promise<CpuProfile> {
  return inChild(async folder => {
    const relay = await startRelay('service', profileInto(folder))
    await load(relay)
    await relay.helper.end()
  })
}

const profileInto = (folder: string): string[] => [
  '--cpu-prof',
  '--cpu-prof-interval=100',
  `--cpu-prof-dir=${folder}`,
]

/** A process that writes a profile of itself into a folder when it ends. */
async function inChild(run: (folder: string) => Promise<unknown>): Promise<CpuProfile> {
  const folder = temporaryFolder()
  await run(folder)
  const [file] = readdirSync(folder)
  if (file === undefined) throw new Error('the process left no profile')
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile
}
