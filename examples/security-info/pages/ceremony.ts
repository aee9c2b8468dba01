import type {
  AuthenticationResponseJSON,
  DigitalCredentialOptions,
  DigitalCredentialResponse,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from 'fido-hybrid'
import type { CeremonyAnswer, CeremonyWish, PasskeyWish } from '../wire/ceremony.js'
import type { Step, StepsDialog } from './steps-dialog.js'

/** Where the passkey is, in the words of a wish. */
export type Place = Pick<PasskeyWish, 'device' | 'link'>

interface Common {
  readonly dialog: StepsDialog
  /** Tells the user that the site has not taken the answer. */
  refused(error: unknown): Promise<void>
}

/**
 * One registration or sign-in. The options are fetched at the last moment, as they are good for a few minutes only. `hand`
 * gives the answer to the site, while the device waits for its word, and brings the step that follows.
 */
export type Ceremony =
  | (Common & {
      readonly kind: 'create'
      options(): Promise<PublicKeyCredentialCreationOptionsJSON>
      hand(response: RegistrationResponseJSON): Promise<Step>
    })
  | (Common & {
      readonly kind: 'digital'
      options(): Promise<DigitalCredentialOptions>
      hand(response: DigitalCredentialResponse): Promise<Step>
    })
  | (Common & {
      readonly kind: 'get'
      options(): Promise<PublicKeyCredentialRequestOptionsJSON>
      hand(response: AuthenticationResponseJSON): Promise<Step>
    })

/** What a ceremony asks the device for. */
export async function wishOf(ceremony: Ceremony, place: Place): Promise<CeremonyWish> {
  if (ceremony.kind === 'digital')
    return { kind: 'digital', device: 'phone', options: await ceremony.options() }
  if (ceremony.kind === 'create') return { kind: 'create', ...place, options: await ceremony.options() }
  return { kind: 'get', ...place, options: await ceremony.options() }
}

/** Gives the device’s answer to the site. @throws Refused. */
export async function handOver(ceremony: Ceremony, answer: CeremonyAnswer): Promise<Step> {
  if ('protocol' in answer) {
    if (ceremony.kind === 'digital') return await ceremony.hand(answer)
  } else if (isRegistration(answer)) {
    if (ceremony.kind === 'create') return await ceremony.hand(answer)
  } else if (ceremony.kind === 'get') return await ceremony.hand(answer)
  throw new Error('The device has answered something else.')
}

function isRegistration(
  response: RegistrationResponseJSON | AuthenticationResponseJSON,
): response is RegistrationResponseJSON {
  return 'attestationObject' in response.response
}
