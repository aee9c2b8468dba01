import { createAir } from '../../adapters/air/air.js'
import { MemoryLinkStore } from '../../adapters/stores/memory-link-store.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import { HybridClient } from '../../client/hybrid-client.js'
import { decodeMessage } from '../../message/message.js'
import { REGISTRATION_MESSAGE } from '../../testing/misbehaving/client.js'
import { deferred } from '../../async/deferred.js'
import { failed, notApplicable } from '../case.js'
import type { CaseFinding, ConformCase } from '../case.js'
import { VARIABLE } from '../contract.js'
import { judgeEnd } from '../judgement.js'
import { lackOf } from '../lacking.js'
import type { Scene } from '../scene.js'
import { folderFor, serviceFor } from '../scene-parts.js'
import { advertiseFor, dialerTo, surroundingsOf } from '../surroundings.js'
import { meetClient } from './phone-scene.js'

/** A client that keeps links registers, and looks at what it has then. */
async function offersLink(scene: Scene): Promise<CaseFinding> {
  const { timeline } = scene
  const url = await serviceFor(scene)
  const air = createAir()
  const links = new MemoryLinkStore()
  let fault = 'no link'
  const ports = surroundingsOf(air, dialerTo(url), timeline)
  const client = new HybridClient({ ...ports, scanner: air.scanner(), links })
  const over = new AbortController()
  scene.defer(() => {
    over.abort()
  })
  const qrText = deferred<string>()
  const registered = register(client, {
    signal: over.signal,
    onQr: qr => qrText.resolve(qr.url),
    onProgress: ({ event, error }) => {
      timeline.note('peer', event)
      if (event === 'not-linked') fault = error?.message ?? fault
    },
  }).catch((error: unknown) => {
    timeline.note('peer', `the client failed: ${String(error)}`)
  })
  const command = scene.start('answer', {
    [VARIABLE.folder]: await folderFor(scene),
    [VARIABLE.qr]: await qrText.promise,
    [VARIABLE.tunnelUrl]: url,
    [VARIABLE.links]: '1',
  })
  advertiseFor(command, air)
  const lack = await lackOf(scene, command, 'links')
  if (lack !== undefined) return notApplicable(lack)
  await scene.endOf(command)
  const finding = judgeEnd('result', command.end)
  if (!finding.passed) return finding
  await scene.wait(scene.setting.patienceMs, registered)
  return (await links.list()).length === 1 ? finding : failed(`nothing to keep: ${fault}`)
}

async function register(
  client: HybridClient,
  options: Parameters<HybridClient['connect']>[0],
): Promise<void> {
  const connection = await client.connect(options)
  await connection.call(REGISTRATION_MESSAGE.slice(1))
  await connection.close()
}

/** The code of the played client says that it keeps no links. */
async function offersNoLink(scene: Scene): Promise<CaseFinding> {
  const meeting = {
    registers: 'registers',
    ending: 'result',
    behaviour: { acts: {} },
    isLinking: true,
  } as const
  const { finding, side } = await meetClient(scene, meeting)
  const messages = side.plaintexts
    .slice(1)
    .map(plaintext => decodedOrUndefined(() => decodeMessage(plaintext)))
  const hasLink = messages.some(message => message?.type === 'update' && message.linking !== undefined)
  return finding.passed && hasLink ? failed('a link') : finding
}

/** What phones that links can be kept of are tried with. */
export const LINKS_TO_PHONES: readonly ConformCase[] = [
  {
    name: 'linked-offer',
    about: 'offers a link to a client that keeps links, signed for this session',
    section: '12.1',
    level: 'must',
    expected: 'RESULT, and a link whose sizes, point and signature are right',
    run: offersLink,
  },
  {
    name: 'linked-unasked',
    about: 'offers no link to a client that keeps none',
    section: '12.2',
    level: 'should',
    expected: 'RESULT, and no link',
    run: offersNoLink,
  },
]
