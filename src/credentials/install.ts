import {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
} from './authenticator-response.js'
import type { Credentials } from './create-credentials.js'
import { Credential } from './credential.js'
import { DigitalCredential } from './digital-credential.js'
import { CredentialsContainer } from './credentials-container.js'

/** What code for browsers looks for beside the classes, where the target lacks it. */
function surroundings(target: object, { origin }: Credentials): Readonly<Record<string, unknown>> {
  const url = new URL(origin)
  // An app has an origin, but no page.
  const location = url.origin === origin ? { location: url } : {}
  return { window: target, isSecureContext: true, ...location, navigator: {} }
}

/**
 * Puts a container in a global object, for code that expects a browser: `navigator.credentials`, and the classes under their names.
 * What such code asks for first is added where the target lacks it: `window`, `isSecureContext`, `location`, `navigator`.
 * @param target such as `globalThis`.
 * @returns a function that puts everything back as it was.
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const uninstall = installCredentials(globalThis, credentials)
 * uninstall()
 */
export function installCredentials(target: object, credentials: Credentials): () => void {
  const undo: (() => void)[] = []
  const define = (holder: object, name: string, value: unknown): void => {
    undo.unshift(defined(holder, name, value))
  }
  for (const [name, value] of Object.entries(surroundings(target, credentials)))
    if (!(name in target)) define(target, name, value)
  const classes = {
    Credential,
    CredentialsContainer,
    AuthenticatorResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorAssertionResponse,
    PublicKeyCredential: credentials.PublicKeyCredential,
    DigitalCredential,
  }
  for (const [name, value] of Object.entries(classes)) define(target, name, value)
  define(navigatorOf(target), 'credentials', credentials)
  return () => {
    for (const each of undo.splice(0)) each()
  }
}

/** Defines a property over another. @returns what undoes it. */
function defined(holder: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name)
  Object.defineProperty(holder, name, { value, configurable: true, writable: true })
  return () => {
    if (before === undefined) Reflect.deleteProperty(holder, name)
    else Object.defineProperty(holder, name, before)
  }
}

function navigatorOf(target: object): object {
  const navigator: unknown = Reflect.get(target, 'navigator')
  if (typeof navigator === 'object' && navigator !== null) return navigator
  throw new TypeError('the target’s navigator is not an object')
}
