import { calling } from '../ports/calling.js'
import { UsageError } from '../errors.js'
import type { AuthenticatorAttachment, PublicKeyCredentialHint } from '../webauthn/credential-json.js'
import type { CreationMembers, RequestMembers } from '../webauthn/option-dictionaries.js'
import { knownHints } from '../webauthn/options-json.js'
import type { CeremonyKind } from '../webauthn/webauthn-error.js'
import type { NamedClient } from './credential-client.js'

/** A request that one of several clients is to serve. */
export interface ChoiceQuestion {
  readonly kind: CeremonyKind
  /** Fires when the request is over: take the question away. */
  readonly signal: AbortSignal
}

/**
 * Lets the user choose one of at least two clients.
 * @param clients those that can serve the request, the client that the relying party prefers comes first.
 * @returns one of them; undefined when the user wants none, which makes the request a `NotAllowedError`.
 */
export type ChooseClient = (
  clients: readonly NamedClient[],
  question: ChoiceQuestion,
) => NamedClient | undefined | Promise<NamedClient | undefined>

/** What the options say of authenticators. */
export interface Wish {
  readonly attachment: string | undefined
  readonly hints: readonly PublicKeyCredentialHint[]
  /** Of each allowed credential. */
  readonly transports: readonly (readonly string[] | undefined)[]
}

const ATTACHMENT_OF_HINT: Readonly<Record<PublicKeyCredentialHint, AuthenticatorAttachment>> = {
  'client-device': 'platform',
  hybrid: 'cross-platform',
  'security-key': 'cross-platform',
}

/** What the options of a registration say. */
export function creationWish({ authenticatorSelection, hints }: CreationMembers): Wish {
  const attachment = authenticatorSelection?.authenticatorAttachment
  return { attachment, hints: knownHints(hints), transports: [] }
}

/** What the options of a sign-in say. */
export function requestWish({ allowCredentials, hints }: RequestMembers): Wish {
  const transports = allowCredentials.map(credential => credential.transports)
  return { attachment: undefined, hints: knownHints(hints), transports }
}

/**
 * The client that serves the request: the only one that can, the chosen one, or without `chooseClient` the one most wanted.
 * @throws UsageError `options-unsatisfiable` when no client can, or none was chosen; `argument-invalid`, `callback-failed`.
 */
export async function chosenClient(
  clients: readonly NamedClient[],
  wish: Wish,
  chooseClient: ChooseClient | undefined,
  question: ChoiceQuestion,
): Promise<NamedClient> {
  const able = clients.filter(({ client }) => isAble(client.attachment, wish.attachment))
  const [first, ...others] = able.toSorted((one, other) => distance(one, wish) - distance(other, wish))
  if (first === undefined)
    throw new UsageError('options-unsatisfiable', `no client has the attachment ${String(wish.attachment)}`)
  if (others.length === 0 || chooseClient === undefined) return first
  const offered = [first, ...others]
  const chosen = await calling('chooseClient', () => chooseClient(offered, question))
  if (chosen === undefined) throw new UsageError('options-unsatisfiable', 'no client was chosen')
  if (offered.includes(chosen)) return chosen
  throw new UsageError('argument-invalid', 'chooseClient gave a client that was not among those offered')
}

function isAble(attachment: AuthenticatorAttachment | undefined, wanted: string | undefined): boolean {
  const isWish = wanted === 'platform' || wanted === 'cross-platform'
  return !isWish || attachment === undefined || attachment === wanted
}

/** How far a client is from what is wanted: hints go before transports (WebAuthn L3 section 5.8.6). */
function distance({ client: { attachment } }: NamedClient, { hints, transports }: Wish): number {
  if (attachment === undefined) return 0
  const hint = hints.findIndex(word => ATTACHMENT_OF_HINT[word] === attachment)
  const far = hint === -1 ? hints.length : hint
  const reaches = transports.length === 0 || transports.some(words => mayReach(attachment, words))
  return 2 * far + (reaches ? 0 : 1)
}

function mayReach(attachment: AuthenticatorAttachment, transports: readonly string[] = []): boolean {
  if (transports.length === 0) return true
  return transports.some(word => (word === 'internal') === (attachment === 'platform'))
}
