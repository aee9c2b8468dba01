import { encodeUtf8 } from '../bytes/utf8.js'
import { encodeClientData } from './client-data.js'
import type { ClientData } from './client-data.js'
import { isAppOrigin, parseOrigin, parseTopOrigin } from './origin.js'
import { remoteRpId } from './remote-client-data.js'
import { appRpId, resolveRpId } from './rp-id.js'
import type { RpIdRules } from './rp-id.js'

/** Where a request comes from. The program around a page says so, never the page. */
export interface CeremonyOrigin {
  /**
   * The origin that asks, such as `https://login.example.com`; http only on localhost. With `appRpIds` it may be an app’s, such as
   * `android:apk-key-hash:…`, `chrome-extension://…` or `app://…`.
   */
  readonly origin: string
  /**
   * The origin of the top-level page. Where it is another one, the request comes from a frame, and its client data says
   * `crossOrigin` and `topOrigin` (WebAuthn L3 section 5.8.1).
   */
  readonly topOrigin?: string | undefined
  /**
   * Whether the frame has an ancestor of another origin; by default, whether `topOrigin` is another one. It is true with an
   * equal `topOrigin` where a page of another origin stands between.
   */
  readonly crossOrigin?: boolean | undefined
  /** The RP IDs that an app’s origin may claim. For origins of the web it is their domain that counts. */
  readonly appRpIds?: readonly string[] | undefined
  /**
   * Takes client data that the relying party’s other side made, from `extensions.remoteClientDataJSON`, as remote desktops do: the
   * RP ID is then not checked against the origin. Default: such a request is a `NotAllowedError`.
   */
  readonly allowRemoteClientData?: boolean | undefined
}

/** What the options say of the request, be it a registration or a sign-in. */
interface AskedRequest {
  readonly type: ClientData['type']
  readonly challenge: Uint8Array
  readonly rpId: string | undefined
  readonly remoteClientData: string | undefined
}

/** A request that its origin may make. */
export interface AdmittedRequest {
  readonly rpId: string
  /** UTF-8. */
  readonly clientDataJSON: Uint8Array
}

/**
 * Judges whether the origin may claim the RP ID, and writes the client data.
 * @param rules what decides on an RP ID that is not the origin’s host; without them, none may be claimed.
 * @throws UsageError `origin-invalid`, `rp-id-mismatch`, `aborted`; for remote client data `options-unsatisfiable`,
 * `options-invalid`.
 */
export async function admit(
  { rpId, remoteClientData: remote, ...asked }: AskedRequest,
  from: CeremonyOrigin,
  rules?: RpIdRules,
): Promise<AdmittedRequest> {
  if (remote !== undefined) {
    const isAllowed = from.allowRemoteClientData === true
    return { rpId: remoteRpId(remote, rpId, isAllowed), clientDataJSON: encodeUtf8(remote) }
  }
  const claimed = await claimedRpId(from, rpId, rules)
  const { origin } = from
  return {
    rpId: claimed,
    clientDataJSON: encodeClientData({ ...asked, origin, topOrigin: topOriginOf(from) }),
  }
}

/** @throws UsageError `origin-invalid` for an origin, or a top origin, that no ceremony can have. */
export function checkCeremonyOrigin(from: CeremonyOrigin): void {
  if (!isVouchedApp(from)) parseOrigin(from.origin)
  topOriginOf(from)
}

/**
 * The RP ID that the origin claims; the origin’s host where none is given.
 * @throws UsageError `origin-invalid`, `rp-id-mismatch`, `aborted`.
 */
export async function claimedRpId(
  from: CeremonyOrigin,
  rpId: string | undefined,
  rules?: RpIdRules,
): Promise<string> {
  const { origin, appRpIds = [] } = from
  if (isVouchedApp(from)) return appRpId(origin, rpId, appRpIds)
  return await resolveRpId(parseOrigin(origin), rpId, rules)
}

function isVouchedApp({ origin, appRpIds }: CeremonyOrigin): boolean {
  return appRpIds !== undefined && isAppOrigin(origin)
}

/** As it stands in client data: absent where all ancestors are of one origin. */
function topOriginOf({ origin, topOrigin = origin, crossOrigin }: CeremonyOrigin): string | undefined {
  return (crossOrigin ?? topOrigin !== origin) ? parseTopOrigin(topOrigin) : undefined
}
