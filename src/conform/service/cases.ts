import { STRANGER_MISBEHAVIOURS } from '../../testing/misbehaving/stranger-catalogue.js'
import type { StrangerMisbehaviour } from '../../testing/misbehaving/stranger-catalogue.js'
import { misbehavingStranger } from '../../testing/misbehaving/stranger.js'
import { failed, passed } from '../case.js'
import type { ConformCase, CaseFinding } from '../case.js'
import { VARIABLE } from '../contract.js'
import type { Scene } from '../scene.js'
import { freePort } from './free-port.js'
import { LEG_CASES } from './leg-cases.js'
import { TestedService, Unmet } from './legs.js'
import { REQUEST_CASES } from './request-cases.js'
import type { ServiceCase, ServicePlay } from './service-case.js'

/** How many strangers come at the same time. */
const STRANGERS = 10

function strangerCase(how: StrangerMisbehaviour): ServiceCase {
  const about = `serves others while a stranger ${STRANGER_MISBEHAVIOURS[how]}`
  const expected = 'a tunnel beside it that passes messages both ways'
  return [`stranger-${how}`, about, '7.5', 'must', expected, service => meetBesideStrangers(service, how)]
}

async function meetBesideStrangers(service: TestedService, how: StrangerMisbehaviour): Promise<void> {
  const { url, scene } = service
  const stranger = misbehavingStranger(how, { url, connections: STRANGERS })
  scene.defer(() => {
    stranger.close()
  })
  const { phone, client } = await service.pair()
  client.send(Uint8Array.of(1))
  await phone.next()
  await scene.wait(scene.setting.timeoutMs, stranger.ended)
  phone.send(Uint8Array.of(2))
  await client.next()
}

/** What is under test: a command that is started, or a service that runs already. */
async function serviceOf(scene: Scene): Promise<TestedService> {
  const { serviceUrl } = scene.setting
  if (serviceUrl !== undefined) return new TestedService(serviceUrl, scene)
  const command = scene.start('serve', { [VARIABLE.port]: String(await freePort()) })
  let url: string | undefined
  const listening = new Promise<void>(resolve => {
    command.onLine(line => {
      if (line.kind !== 'listening') return
      url ??= line.url.replace(/\/$/, '')
      resolve()
    })
  })
  await scene.wait(scene.setting.timeoutMs, listening, command.gone)
  if (url === undefined) throw new Unmet('no line LISTENING in time')
  return new TestedService(url, scene)
}

async function found(scene: Scene, play: ServicePlay): Promise<CaseFinding> {
  try {
    const service = await serviceOf(scene)
    await play(service)
    // Whatever came before, it still serves.
    await service.pair()
    return passed('what was expected')
  } catch (error) {
    if (error instanceof Unmet) return failed(error.message)
    throw error
  }
}

/** All that is tried with a tunnel service. */
export const SERVICE_CASES: readonly ConformCase[] = [
  ...REQUEST_CASES,
  ...LEG_CASES,
  ...(Object.keys(STRANGER_MISBEHAVIOURS) as StrangerMisbehaviour[]).map(strangerCase),
].map(([name, about, section, level, expected, play]) => ({
  ...{ name, about, section, level, expected },
  run: scene => found(scene, play),
}))
