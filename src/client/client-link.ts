import type { NewLink } from '../session/client-transaction.js'
import { awaitingPort } from '../ports/calling.js'
import type { Link, LinkStore } from '../ports/link-store.js'
import { TunnelError } from '../errors.js'

/** What a phone without a name is called. */
const NO_NAME = 'phone'

/** How a link was made. */
interface LinkOrigin {
  /** Wall-clock seconds since 1970. */
  readonly linkedAt: number
  /** What this client dials in place of the tunnel service’s own domain. */
  readonly tunnelUrl: string | undefined
}

/** The link to keep from a phone’s offer. */
export function toLink(offer: NewLink, { linkedAt, tunnelUrl }: LinkOrigin): Link {
  const { playServicesMark = false, name, ...rest } = offer
  return {
    ...rest,
    name: name.trim() === '' ? NO_NAME : name,
    ...(tunnelUrl === undefined ? {} : { tunnelUrl }),
    linkedAt,
    playServicesMark,
  }
}

/** HTTP status for a linked client whose phone does not take the call (tunnel/linked-call.ts). */
const STATUS_BUSY = 409

/**
 * Reads the tunnel service’s answer to a linked client (protocol.md 7.3). A link that has ended for good is forgotten.
 * @returns the error to throw: `link-gone`, `phone-busy`, or `error` as it was.
 */
export async function linkedCallError(
  error: unknown,
  link: Link,
  store: LinkStore | undefined,
): Promise<unknown> {
  if (!(error instanceof TunnelError)) return error
  const { code, status, stage } = error
  if (code === 'tunnel-refused' && status === STATUS_BUSY)
    return new TunnelError('phone-busy', 'the phone did not take the call', { cause: error, status, stage })
  if (code !== 'tunnel-gone') return error
  if (store !== undefined) await awaitingPort('links.delete', () => store.delete(link))
  const message = 'the phone has ended this link, and it is forgotten here'
  return new TunnelError('link-gone', message, { cause: error, status, stage })
}
