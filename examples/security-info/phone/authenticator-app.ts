import type { CreationOptionsInput } from 'fido-hybrid'
import { describeFailure } from '../failure.js'
import { Problem, STATUS } from '../http/problem.js'
import type { CeremonyAnswer } from '../wire/ceremony.js'
import type { PasskeyView } from '../wire/site.js'
import { notBegun, SiteSession } from './site-session.js'
import type { VirtualPhone } from './virtual-phone.js'

/** The app on the phone that adds an account by itself: it signs in to the site, and keeps a passkey on this phone. */
export class AuthenticatorApp {
  readonly #origin: string
  readonly #phone: VirtualPhone
  #session: SiteSession | undefined

  /** @param origin of the site, whose sign-in page the app shows. */
  constructor(origin: string, phone: VirtualPhone) {
    this.#origin = origin
    this.#phone = phone
  }

  /** Signs in; the site sends a code. @throws Problem in the site’s words. */
  async signIn(userName: string, password: string): Promise<void> {
    const session = new SiteSession(this.#origin)
    await session.ask('POST', '/api/session', { userName, password })
    await session.ask('POST', '/api/session/code')
    this.#session = session
  }

  /** Adds the passkey. @param code that the site has sent. @param signal fires when the app is closed. @throws Problem. */
  async addPasskey(code: string, signal: AbortSignal): Promise<void> {
    const session = this.#session
    if (session === undefined) throw notBegun()
    await session.ask('PUT', '/api/session/code', { code })
    const options = await session.ask<CreationOptionsInput>('POST', '/api/passkeys/options')
    let refusal: unknown
    const onResponse = async (response: CeremonyAnswer): Promise<void> => {
      try {
        await session.ask<PasskeyView>('POST', '/api/passkeys', response)
      } catch (error) {
        refusal = error
        throw error
      }
    }
    try {
      await this.#phone.register(options, { origin: this.#origin, signal, onResponse })
      this.#session = undefined
    } catch (error) {
      await this.#tidy(refusal)
      if (refusal !== undefined) throw refusal as Error
      throw asProblem(error)
    }
  }

  /** The site has said no: nothing stays on the phone. */
  async #tidy(refusal: unknown): Promise<void> {
    if (!(refusal instanceof Problem)) return
    const { rpId, credentialId } = refusal.view
    if (rpId !== undefined && credentialId !== undefined)
      await this.#phone.signalUnknownCredential({ rpId, credentialId })
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { name, code, message } = describeFailure(error)
  return new Problem(STATUS.conflict, {
    code: name === 'InvalidStateError' ? 'exists-already' : code,
    message,
  })
}
