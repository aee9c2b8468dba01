import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from 'fido-hybrid'
import type { CeremonyWish } from '../wire/ceremony.js'
import type { Step, StepsDialog } from './steps-dialog.js'

/** Where the passkey is, in the words of a wish. */
export type Place = Pick<CeremonyWish, 'device' | 'link'>

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
      readonly kind: 'get'
      options(): Promise<PublicKeyCredentialRequestOptionsJSON>
      hand(response: AuthenticationResponseJSON): Promise<Step>
    })

/** What a ceremony asks the device for. */
export async function wishOf(ceremony: Ceremony, place: Place): Promise<CeremonyWish> {
  if (ceremony.kind === 'create') return { kind: 'create', ...place, options: await ceremony.options() }
  return { kind: 'get', ...place, options: await ceremony.options() }
}

/** Gives the device’s answer to the site. @throws Refused. */
export async function handOver(
  ceremony: Ceremony,
  response: RegistrationResponseJSON | AuthenticationResponseJSON,
): Promise<Step> {
  if (ceremony.kind === 'create' && isRegistration(response)) return await ceremony.hand(response)
  if (ceremony.kind === 'get' && !isRegistration(response)) return await ceremony.hand(response)
  throw new Error('The device has answered something else.')
}

function isRegistration(
  response: RegistrationResponseJSON | AuthenticationResponseJSON,
): response is RegistrationResponseJSON {
  return 'attestationObject' in response.response
}
