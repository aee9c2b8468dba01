import type { JsonReader } from './json-reader.js'

/** Client extensions that a relying party may ask for; others are passed over (WebAuthn L3 section 9.3). */
export interface AuthenticationExtensionsClientInputs {
  credProps?: boolean
}

/** What the asked extensions gave. */
export interface AuthenticationExtensionsClientOutputs {
  credProps?: { rk?: boolean }
}

/** The extensions that were asked of a registration. */
export interface RegistrationExtensions {
  readonly credProps: boolean
}

/** @throws UsageError `options-invalid`. */
export function parseRegistrationExtensions(inputs: JsonReader | undefined): RegistrationExtensions {
  return { credProps: inputs?.boolean('credProps') ?? false }
}

/**
 * @param discoverable whether the new credential is; undefined where nobody can know, and then `credProps.rk` is left out
 * (WebAuthn L3 section 10.1.3).
 */
export function registrationExtensionResults(
  asked: RegistrationExtensions,
  discoverable: boolean | undefined,
): AuthenticationExtensionsClientOutputs {
  if (!asked.credProps) return {}
  return { credProps: discoverable === undefined ? {} : { rk: discoverable } }
}
