import { watch } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import type { RegistrationResponseJSON } from '../../src/index.js'
import type { CreationOverrides, RelyingParty } from '../../src/testing.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { TemporaryFolder } from '../support/temporary-folder.js'
import { WatchedProcess } from './watched-process.js'
import type { Line } from './watched-process.js'
import { watchWire } from '../support/watched-wire.js'

/** The folder of the phone’s store. */
const PHONE = 'phone'

/** Who can be killed. */
export const VICTIMS = ['phone', 'client', 'tunnel'] as const

/** Whom to kill, and when. */
export interface Kill {
  readonly victim: (typeof VICTIMS)[number]
  /** How many things happen first: lines that client and phone print, pieces on the wire, changes in the store’s folder. */
  readonly after: number
  readonly profile: 'generic' | 'ios'
}

/** Where registrations take place: an air and a tunnel service, which is started anew once it was killed. */
export interface Scene {
  /** Path of the built program. */
  readonly cli: string
  readonly airUrl: string
  readonly rp: RelyingParty
  /** What the phone’s store says before; nothing unless given. */
  readonly passkeys?: Uint8Array
  /** What is asked of the relying party’s options. */
  readonly wishes?: CreationOverrides
  tunnel(): Promise<WatchedProcess>
}

/** What is left when all have ended. */
export interface Aftermath {
  /** The last that the phone had told when the kill came; undefined when all had ended before. */
  readonly stage: string | undefined
  /** How many things happened. */
  readonly steps: number
  /** What the client printed for its relying party. */
  readonly response: RegistrationResponseJSON | undefined
  /** `phone list --json`, started the moment the phone was gone. */
  readonly list: CliRun
  readonly passkeys: readonly Readonly<Record<string, unknown>>[]
  /** What the store says then; undefined when there is none. */
  readonly store: Uint8Array | undefined
  /** The files beside and including the store, after that. */
  readonly files: readonly string[]
  /** The lines that the phone printed; none when it was not started. */
  readonly told: readonly Line[]
}

/** One registration between processes, of which one is killed. */
export class KilledRegistration {
  readonly #scene: Scene
  readonly #kill: Kill
  readonly #folder: TemporaryFolder
  #steps = 0
  #stage: string | undefined
  #client: WatchedProcess | undefined
  #phone: WatchedProcess | undefined
  #tunnel: WatchedProcess | undefined

  private constructor(scene: Scene, kill: Kill, folder: TemporaryFolder) {
    this.#scene = scene
    this.#kill = kill
    this.#folder = folder
  }

  static async run(scene: Scene, kill: Kill): Promise<Aftermath> {
    const folder = await TemporaryFolder.create()
    await mkdir(folder.at(PHONE))
    if (scene.passkeys) await writeFile(folder.at(PHONE, 'passkeys.json'), scene.passkeys)
    const changes = watch(folder.at(PHONE), () => registration.#step())
    const registration = new KilledRegistration(scene, kill, folder)
    try {
      return await registration.#run()
    } finally {
      changes.close()
      await folder.remove()
    }
  }

  async #run(): Promise<Aftermath> {
    const { cli, rp, airUrl, wishes } = this.#scene
    const options = this.#folder.at('options.json')
    await writeFile(options, JSON.stringify(await rp.creationOptions(wishes)))
    this.#tunnel = await this.#scene.tunnel()
    const wire = await watchWire(portOf(this.#tunnel), () => {
      this.#step()
      return true
    })
    const reach = ['--tunnel-url', wire.url]
    const ceremony = ['--options', options, '--origin', rp.origin, '--scan', `air:${airUrl}`]
    const phoneEnded = new Promise<WatchedProcess | undefined>(resolve => {
      const client = new WatchedProcess(cli, ['client', 'register', ...ceremony, ...reach], line => {
        if (line.event === 'qr') resolve(this.#startPhone(String(line['url']), reach))
        this.#step()
      })
      this.#client = client
      void client.ended.then(() => {
        resolve(this.#phone)
        if (this.#phone?.has('handshake') === false) this.#phone.interrupt()
      })
    })
    const phone = await phoneEnded
    await phone?.ended
    const list = await runHere(['phone', 'list', '--store', this.#store, '--json'])
    const files = (await readdir(this.#folder.at(PHONE))).sort()
    const store = await readFile(this.#store).catch(() => undefined)
    await this.#client?.ended
    await wire.close()
    return {
      stage: this.#stage,
      steps: this.#steps,
      response: responseOf(this.#client),
      list,
      passkeys: eventsOf(list).filter(({ event }) => event === 'passkey'),
      store,
      files,
      told: phone?.lines ?? [],
    }
  }

  get #store(): string {
    return this.#folder.at(PHONE, 'passkeys.json')
  }

  #startPhone(url: string, reach: readonly string[]): WatchedProcess {
    const { cli, airUrl } = this.#scene
    const own = ['--store', this.#store, '--consent', 'always', '--profile', this.#kill.profile]
    const args = ['phone', 'scan', url, ...own, '--advertise', `air:${airUrl}`, ...reach]
    const phone = new WatchedProcess(cli, args, () => this.#step())
    this.#phone = phone
    // Nobody else would tell a laptop that listens that there is no phone any more.
    void phone.ended.then(() => {
      if (this.#client?.has('advert-seen') === false) this.#client.interrupt()
    })
    return phone
  }

  /** The kill that is due strikes as soon as there is somebody to kill. */
  #step(): void {
    if (this.#steps++ < this.#kill.after || this.#stage !== undefined) return
    const victim = { phone: this.#phone, client: this.#client, tunnel: this.#tunnel }[this.#kill.victim]
    if (victim?.kill() !== true) return
    this.#stage =
      this.#phone === undefined ? 'no phone yet' : (this.#phone.lines.at(-1)?.event ?? 'phone starts')
  }
}

function portOf(tunnel: WatchedProcess): number {
  return Number(new URL(String(tunnel.lines[0]?.['url'])).port)
}

function responseOf(client: WatchedProcess | undefined): RegistrationResponseJSON | undefined {
  const line = client?.lines.find(({ event }) => event === 'credential')
  return line?.['response'] as RegistrationResponseJSON | undefined
}
