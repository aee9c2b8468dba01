import { createAir } from '../../adapters/air/air.js'
import { MemoryPhoneIdentityStore } from '../../adapters/stores/memory-phone-identity-store.js'
import { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import { deferred } from '../../async/deferred.js'
import type { BleAdvertiser } from '../../ports/ble.js'
import { serveTunnel } from '../../service/tunnel-server.js'
import type { LabSurroundings } from '../../testing/lab.js'
import { PlayedPhone } from '../../testing/misbehaving/phone.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import { notApplicable } from '../case.js'
import type { CaseFinding } from '../case.js'
import { VARIABLE } from '../contract.js'
import type { Operation } from '../contract.js'
import type { DrivenCommand } from '../driven-command.js'
import { judgeEnd } from '../judgement.js'
import type { CaseEnding } from '../judgement.js'
import { lackOf } from '../lacking.js'
import type { Scene } from '../scene.js'
import { folderFor } from '../scene-parts.js'
import { airTo, dialerTo, surroundingsOf } from '../surroundings.js'
import { ORIGIN, registration, signInOfClient } from './ceremony.js'
import { noCode, optionsFile, shownCode } from './client-scene.js'
import { phoneWith } from './phones.js'

/** What the tunnel service says of a phone that is not in reach: it has ended the link, or is not there now. */
type PhoneAbsence = 'gone' | 'unknown'

/** Where a client remembers a phone and calls it: several commands with one folder, one tunnel service and one phone. */
export class LinkStage {
  readonly url: string
  /** Calls that the service got while the phone was not in reach. */
  calls = 0
  /** What the code of a client that registered says. */
  qrUrl: string | undefined
  absence: PhoneAbsence = 'gone'
  readonly #scene: Scene
  readonly #folder: string
  readonly #phone: HybridAuthenticator
  readonly #over = new AbortController()
  #command: DrivenCommand | undefined

  private constructor(scene: Scene, folder: string, url: string) {
    this.#scene = scene
    this.#folder = folder
    this.url = url
    scene.defer(() => this.#over.abort())
    const { timeline } = scene
    const advertiser: BleAdvertiser = {
      proximity: 'simulated',
      advertise: (serviceData, listener) => {
        if (this.#command === undefined) throw new TypeError('nobody is met')
        return airTo(this.#command, timeline).advertiser().advertise(serviceData, listener)
      },
    }
    this.#phone = new HybridAuthenticator({
      ...surroundingsOf(createAir(), dialerTo(url), timeline),
      tunnelUrl: url,
      advertiser,
      handler: phoneWith(),
      linking: { store: new MemoryPhoneIdentityStore(), name: 'Phone' },
    })
  }

  static async open(scene: Scene): Promise<LinkStage> {
    const folder = await folderFor(scene)
    const service = await serveTunnel({
      port: 0,
      onCall: () => {
        stage.calls += 1
        return Promise.resolve(stage.absence)
      },
    })
    scene.defer(() => service.close())
    const stage = new LinkStage(scene, folder, service.url)
    return stage
  }

  /** The client registers with the phone, which lets it keep a link. @param behaviour of another phone, which misbehaves. */
  async remember(behaviour?: PhoneBehaviour): Promise<CaseFinding> {
    const scene = this.#scene
    const command = await this.#start('register')
    const lack = await lackOf(scene, command, 'links')
    if (lack !== undefined) return notApplicable(lack)
    this.qrUrl = await shownCode(scene, command)
    if (this.qrUrl === undefined) return noCode(command)
    if (behaviour === undefined) this.#scan(this.qrUrl)
    else new PlayedPhone(this.#surroundings(command), behaviour, phoneWith(), this.qrUrl)
    return this.#end(command, behaviour === undefined ? 'result' : 'end')
  }

  /** The client calls the phone while that is in reach. */
  async callServed(): Promise<CaseFinding> {
    const over = new AbortController()
    const reachable = deferred<undefined>()
    const served = this.#phone.serve({
      signal: over.signal,
      onEvent: ({ event }) => {
        if (event === 'reachable') reachable.resolve(undefined)
      },
    })
    await Promise.race([reachable.promise, served])
    try {
      return await this.call('result')
    } finally {
      over.abort()
      await served
    }
  }

  /** The client calls the phone; whether that is in reach is not looked at. */
  async call(ending: CaseEnding): Promise<CaseFinding> {
    return this.#end(await this.#start('call'), ending)
  }

  #scan(qrUrl: string): void {
    const { signal } = this.#over
    this.#phone.scan(qrUrl, { source: 'camera', remember: true, signal }).catch((error: unknown) => {
      this.#scene.timeline.note('peer', `the phone failed: ${String(error)}`)
    })
  }

  #surroundings(command: DrivenCommand): LabSurroundings {
    const { timeline } = this.#scene
    return surroundingsOf(airTo(command, timeline), dialerTo(this.url), timeline)
  }

  async #start(operation: Extract<Operation, 'register' | 'call'>): Promise<DrivenCommand> {
    const { options } = operation === 'register' ? registration() : signInOfClient()
    this.#command = this.#scene.start(operation, {
      [VARIABLE.folder]: this.#folder,
      [VARIABLE.options]: await optionsFile(this.#folder, options),
      [VARIABLE.origin]: ORIGIN,
      [VARIABLE.tunnelUrl]: this.url,
      [VARIABLE.links]: '1',
    })
    return this.#command
  }

  async #end(command: DrivenCommand, ending: CaseEnding): Promise<CaseFinding> {
    await this.#scene.endOf(command)
    const finding = judgeEnd(ending, command.end)
    await command.stop()
    return finding
  }
}
