import type { NewLink } from '../session/client-transaction.js'
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

/** What is kept of a phone’s offer. */
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

/**
 * Forgets a link that the tunnel service says is gone for ever (protocol.md 7.3).
 * @returns the error to tell: that it is forgotten, or the one that was given.
 */
export async function forgetIfGone(
  error: unknown,
  link: Link,
  store: LinkStore | undefined,
): Promise<unknown> {
  if (!(error instanceof TunnelError) || error.code !== 'tunnel-gone') return error
  await store?.delete(link)
  const { status, stage } = error
  const message = 'the phone has ended this link, and it is forgotten here'
  return new TunnelError('link-gone', message, { cause: error, status, stage })
}
