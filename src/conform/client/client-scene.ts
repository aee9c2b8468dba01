import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CtapHandler } from '../../ports/ctap-handler.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import { PlayedPhone } from '../../testing/misbehaving/phone.js'
import { failed, notApplicable } from '../case.js'
import type { CaseFinding } from '../case.js'
import { VARIABLE } from '../contract.js'
import type { DrivenCommand } from '../driven-command.js'
import { isWatched, judgeEnd } from '../judgement.js'
import type { CaseEnding } from '../judgement.js'
import { lackOf } from '../lacking.js'
import type { Scene } from '../scene.js'
import { folderFor, serviceFor, watch } from '../scene-parts.js'
import { airTo, dialerTo, surroundingsOf } from '../surroundings.js'
import { WatchedSide } from '../watched-side.js'
import { ORIGIN } from './ceremony.js'
import type { CeremonyOfClient } from './ceremony.js'
import type { PhoneRadio } from './phone-radio.js'

/** What a case of a client is made of. */
export interface ClientMeeting {
  readonly ceremony: CeremonyOfClient
  readonly ending: CaseEnding
  readonly behaviour: PhoneBehaviour
  readonly handler: CtapHandler
  /** Where the client is sent; a tunnel service of the case’s own unless given. */
  readonly tunnelUrl?: string | undefined
  /** The phone’s way into its tunnel; the client’s own service unless given. */
  readonly dialer?: TunnelDialer | undefined
  /** What data channels are tried with; without it adverts are lines. */
  readonly radio?: PhoneRadio | undefined
  /** What else the client hears, before the phone. */
  readonly before?: ((command: DrivenCommand, qrUrl: string) => void) | undefined
}

/** What the played phone saw of a client. */
export interface SeenOfClient {
  readonly finding: CaseFinding
  readonly qrUrl: string | undefined
  readonly side: WatchedSide
  /** Whether a data channel had ended before the command was stopped. */
  readonly hasLeftChannel: boolean
  /** What the command printed as its RESULT. */
  readonly result: unknown
}

/** Has the client under test meet a played phone. */
export async function meetPhone(scene: Scene, meeting: ClientMeeting): Promise<SeenOfClient> {
  const { ceremony, ending, radio } = meeting
  const url = meeting.tunnelUrl ?? (await serviceFor(scene))
  const folder = await folderFor(scene)
  const command = scene.start(ceremony.operation, {
    [VARIABLE.folder]: folder,
    [VARIABLE.options]: await optionsFile(folder, ceremony.options),
    [VARIABLE.origin]: ORIGIN,
    [VARIABLE.tunnelUrl]: url,
    [VARIABLE.airUrl]: radio?.hubUrl,
  })
  const side = new WatchedSide(scene.timeline)
  const nothing = { qrUrl: undefined, side, hasLeftChannel: false, result: undefined }
  const lack = radio && (await lackOf(scene, command, 'data-channel'))
  if (lack !== undefined) return { finding: notApplicable(lack), ...nothing }
  const qrUrl = await shownCode(scene, command)
  if (qrUrl === undefined) return { finding: noCode(command), ...nothing }
  meeting.before?.(command, qrUrl)
  const { timeline } = scene
  const air = radio?.air ?? airTo(command, timeline)
  const surroundings = surroundingsOf(air, meeting.dialer ?? dialerTo(url), timeline)
  const over = new PlayedPhone(surroundings, meeting.behaviour, meeting.handler, qrUrl, side.watch).over
  if (isWatched(ending)) await watch(scene, command, radio?.met)
  else await scene.endOf(command)
  const finding = judgeEnd(ending, command.end)
  const hasLeftChannel = radio?.isLeft === true || command.end.exit !== undefined
  await command.stop()
  // The last frames of a client that is gone may be on their way.
  await scene.wait(LAST_FRAMES_MS, over)
  const { said } = command.end
  return { finding, qrUrl, side, hasLeftChannel, result: said?.kind === 'result' ? said.value : undefined }
}

const LAST_FRAMES_MS = 1000

export async function optionsFile(folder: string, options: object): Promise<string> {
  const path = join(folder, 'options.json')
  await writeFile(path, JSON.stringify(options))
  return path
}

export async function shownCode(scene: Scene, command: DrivenCommand): Promise<string | undefined> {
  let url: string | undefined
  const shown = new Promise<void>(resolve => {
    command.onLine(line => {
      if (line.kind !== 'qr') return
      url ??= line.url
      resolve()
    })
  })
  await scene.wait(scene.setting.timeoutMs, shown, command.gone)
  return url
}

export function noCode(command: DrivenCommand): CaseFinding {
  const { exit } = command.end
  return failed(
    exit === undefined ? 'no line QR in time' : `${judgeEnd('result', command.end).seen}, without a line QR`,
  )
}
