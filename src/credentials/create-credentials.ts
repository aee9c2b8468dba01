import type { CeremonySettings } from '../client/ceremony.js'
import { UsageError } from '../errors.js'
import { checkCeremonyOrigin } from '../webauthn/ceremony-origin.js'
import type { ChooseClient } from './client-choice.js'
import { containerCredentialClass } from './container-statics.js'
import type { ContainerCredentialClass } from './container-statics.js'
import type { CredentialClient, NamedClient, PhoneOptions } from './credential-client.js'
import { CredentialsContainer } from './credentials-container.js'
import { RequestDesk } from './request-desk.js'
import { credentialSignals } from './signals.js'
import { INSIDE } from './web-interface.js'

/** What a container of credentials is made of. The settings are those of every ceremony. */
export interface CredentialsOptions extends Omit<CeremonySettings, 'signal'>, PhoneOptions {
  /** The only client; or `clients`. */
  readonly client?: CredentialClient | undefined
  /** Several clients, each under a name; the preferred one first. */
  readonly clients?: readonly NamedClient[] | undefined
  /**
   * Lets the user choose where several clients can serve a request. Default: the one that hints and transports ask for, else
   * the first.
   */
  readonly chooseClient?: ChooseClient | undefined
}

/** A container, and the class of its credentials, whose static methods know its clients. */
export interface Credentials extends CredentialsContainer {
  /** For `parseCreationOptionsFromJSON`, `getClientCapabilities`, signals and `instanceof`. */
  readonly PublicKeyCredential: ContainerCredentialClass
  /** The origin that its requests come from. */
  readonly origin: string
}

/**
 * Makes what a page knows as `navigator.credentials`, over any client. It serves one request at a time.
 *
 * `authenticatorAttachment` decides which clients can serve a request, and `hints` which goes first. The origin is the
 * embedder’s word: take it from the frame, never from the page.
 * @throws UsageError `argument-invalid` without a client, and for a client over hybrid without `onQr` or `link`; `origin-invalid`.
 * @example
 * const credentials = createCredentials({ client, origin: 'https://login.example.com', onQr })
 * const { PublicKeyCredential } = credentials
 * const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(creationOptions)
 * const credential = await credentials.create({ publicKey, signal })
 * console.log(credential.response.getTransports(), credential.toJSON())
 */
export function createCredentials(options: CredentialsOptions): Credentials {
  const settings = settingsOf(options)
  checkCeremonyOrigin(settings)
  const clients = namedClients(options)
  const { origin, fetchRelatedOrigins, allowRemoteClientData = false } = settings
  const all = [...new Set(clients.map(({ client }) => client))]
  const signals = credentialSignals(all, settings)
  const own = {
    relatedOrigins: fetchRelatedOrigins !== undefined,
    'extension:remoteClientDataJSON': allowRemoteClientData,
  }
  const type = containerCredentialClass(all, own, signals)
  const desk = new RequestDesk({ clients, chooseClient: options.chooseClient, settings, type })
  return Object.defineProperties(new CredentialsContainer(INSIDE, desk), {
    PublicKeyCredential: { value: type },
    origin: { value: origin },
  }) as Credentials
}

/** What every request shares, whatever client and phone it goes to. */
function settingsOf(options: CredentialsOptions): CeremonySettings {
  const ofClients: object = { client: undefined, clients: undefined, chooseClient: undefined }
  return { ...options, ...ofClients, ...{ onQr: undefined, link: undefined } }
}

function namedClients({ client, clients, onQr, link }: CredentialsOptions): readonly NamedClient[] {
  const own = { onQr, link }
  const all = clients ?? (client === undefined ? [] : [{ name: '', client }])
  if (all.length === 0 || (client !== undefined && clients !== undefined))
    throw new UsageError('argument-invalid', 'createCredentials needs either client or clients')
  return all.map(each => withPhone({ ...own, ...each }))
}

function withPhone(named: NamedClient): NamedClient {
  const { client, onQr, link } = named
  if (client.attachment !== 'cross-platform' || typeof onQr === 'function' || link !== undefined) return named
  throw new UsageError('argument-invalid', 'createCredentials needs onQr for a client over hybrid')
}
