import { createAir } from '../../adapters/air/air.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import { CTAP_STATUS } from '../../ctap/status.js'
import { PlayedClient } from '../../testing/misbehaving/client.js'
import type { ClientBehaviour } from '../../testing/misbehaving/client.js'
import { failed, notApplicable, passed } from '../case.js'
import type { CaseFinding } from '../case.js'
import { VARIABLE } from '../contract.js'
import type { Ability } from '../contract.js'
import type { DrivenCommand } from '../driven-command.js'
import { isWatched, judgeEnd } from '../judgement.js'
import type { CaseEnding } from '../judgement.js'
import { lackOf } from '../lacking.js'
import type { Scene } from '../scene.js'
import { folderFor, serviceFor, watch } from '../scene-parts.js'
import { advertiseFor, dialerTo, surroundingsOf } from '../surroundings.js'
import { WatchedSide } from '../watched-side.js'
import type { ClientRadio } from './client-radio.js'

/** Whether a phone has to register, and say so to the client; undefined where it may. */
export type Registers = 'registers' | 'does not register' | undefined

/** What a case of a phone is made of. */
export interface PhoneMeeting {
  readonly registers: Registers
  readonly ending: CaseEnding
  readonly behaviour: ClientBehaviour
  /** Changes the text of the QR code. */
  readonly code?: ((text: string) => string) | undefined
  /** Where the phone is sent; a tunnel service of the case’s own unless given. */
  readonly tunnelUrl?: string | undefined
  /** The client’s way into the tunnel; the phone’s own service unless given. */
  readonly dialer?: TunnelDialer | undefined
  /** What data channels are tried with; without it adverts are lines. */
  readonly radio?: ClientRadio | undefined
  /** The phone may be remembered. */
  readonly isLinking?: boolean | undefined
}

/** What the played client saw of a phone. */
export interface SeenOfPhone {
  readonly finding: CaseFinding
  readonly side: WatchedSide
  /** The answers to CTAP2 requests, status byte ‖ CBOR. */
  readonly answers: readonly Uint8Array[]
  /** What the phone advertised, in hex. */
  readonly adverts: readonly string[]
  /** Whether a data channel had ended before the command was stopped. */
  readonly hasLeftChannel: boolean
}

const CTAP_TYPE = 1

/** Has the phone under test meet a played client. */
export async function meetClient(scene: Scene, meeting: PhoneMeeting): Promise<SeenOfPhone> {
  const { ending, behaviour, radio, code = (text: string) => text } = meeting
  const url = meeting.tunnelUrl ?? (await serviceFor(scene))
  const { timeline } = scene
  const side = new WatchedSide(timeline)
  const air = createAir()
  const surroundings = surroundingsOf(radio?.air ?? air, meeting.dialer ?? dialerTo(url), timeline)
  const client = new PlayedClient(surroundings, behaviour, side.watch)
  const command = scene.start('answer', {
    [VARIABLE.folder]: await folderFor(scene),
    [VARIABLE.qr]: code(client.qrText),
    [VARIABLE.tunnelUrl]: url,
    [VARIABLE.airUrl]: radio?.hubUrl,
    [VARIABLE.links]: meeting.isLinking === true ? '1' : undefined,
  })
  const adverts = radio?.adverts ?? advertsOf(command)
  const ability = abilityFor(meeting)
  const lack = ability && (await lackOf(scene, command, ability))
  if (lack !== undefined)
    return { finding: notApplicable(lack), side, answers: [], adverts, hasLeftChannel: false }
  advertiseFor(command, air)
  if (isWatched(ending)) await watch(scene, command, radio?.met)
  else await scene.endOf(command)
  const end = judgeEnd(ending, command.end)
  const hasLeftChannel = radio?.isLeft === true || command.end.exit !== undefined
  await command.stop()
  const answers = side.plaintexts.slice(1).flatMap(answerIn)
  return { finding: judgeAnswers(meeting.registers, end, answers), side, answers, adverts, hasLeftChannel }
}

/** What a phone has to say that it can. */
function abilityFor({ radio, isLinking = false }: PhoneMeeting): Ability | undefined {
  if (radio !== undefined) return 'data-channel'
  return isLinking ? 'links' : undefined
}

function advertsOf(command: DrivenCommand): readonly string[] {
  const adverts: string[] = []
  command.onLine(line => {
    if (line.kind === 'advert') adverts.push(line.serviceData)
  })
  return adverts
}

function answerIn(plaintext: Uint8Array): readonly Uint8Array[] {
  return plaintext[0] === CTAP_TYPE ? [plaintext.slice(1)] : []
}

function judgeAnswers(registers: Registers, end: CaseFinding, answers: readonly Uint8Array[]): CaseFinding {
  const successes = answers.filter(([status]) => status === CTAP_STATUS.SUCCESS).length
  const seen = `${end.seen}; ${successes} of ${answers.length} answers that were successes`
  const isRight = registers === undefined || successes > 0 === (registers === 'registers')
  return end.passed && isRight ? passed(seen) : failed(seen)
}
