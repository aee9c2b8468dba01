import type { Locator } from '@playwright/test'
import { HybridAuthenticator } from 'fido-hybrid'
import { airAdvertiser } from 'fido-hybrid/adapters/air-client'
import { readQrPicture } from 'fido-hybrid/adapters/qr-picture'
import { nodePlatform } from 'fido-hybrid/node'
import { alwaysApprove, alwaysRefuse, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { PhoneProfileName } from 'fido-hybrid/virtual'

/** A phone for a site that draws QR codes itself: it looks at the page, and meets the laptop in the demo’s simulated radio. */
export class CameraPhone {
  readonly #store = new MemoryCredentialStore()
  readonly #phone: HybridAuthenticator
  #user = alwaysApprove()

  constructor(profile: PhoneProfileName) {
    const { DEMO_AIR_URL = '', DEMO_TUNNEL_URL = '' } = process.env
    const platform = nodePlatform({ advertiser: airAdvertiser(DEMO_AIR_URL) })
    const handler = new VirtualAuthenticator({
      ...platform,
      profile,
      store: this.#store,
      consent: { ask: (...asked) => this.#user.ask(...asked) },
    })
    this.#phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: DEMO_TUNNEL_URL })
  }

  /** Looks at a picture on the page, and answers. */
  async scan(picture: Locator): Promise<void> {
    const { text } = await readQrPicture(await picture.screenshot())
    await this.#phone.scan(text, { source: 'camera' })
  }

  /** How many passkeys it keeps. */
  async passkeys(): Promise<number> {
    return (await this.#store.list()).length
  }

  /** Its user refuses from now on. */
  refuse(): void {
    this.#user = alwaysRefuse()
  }
}
