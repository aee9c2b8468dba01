import * as CLOSE_CODE from '../bytes/close-code.js'
import { TunnelError } from '../errors.js'
import type { CodeOf, Stage } from '../errors.js'

/** Close codes that the tunnel service gives for its own reasons (protocol.md 7.5). */
const SERVICE_CODES: ReadonlyMap<number | undefined, CodeOf<'tunnel'>> = new Map<
  number | undefined,
  CodeOf<'tunnel'>
>([
  [CLOSE_CODE.unsupportedData, 'tunnel-message-invalid'],
  [CLOSE_CODE.policy, 'tunnel-limit'],
  [CLOSE_CODE.tooBig, 'tunnel-limit'],
])

/** How a tunnel ended before it should. */
export interface EarlyEnd {
  readonly peer: 'phone' | 'client'
  readonly state: string
  readonly stage: Stage
  /** WebSocket close code; undefined when the peer said goodbye inside the tunnel. */
  readonly closeCode: number | undefined
}

/** The error for a tunnel that ended too early: the peer’s doing, unless the service says that it was its own. */
export function earlyEndError({ peer, state, stage, closeCode }: EarlyEnd): TunnelError {
  const code = SERVICE_CODES.get(closeCode) ?? 'peer-closed'
  const how = closeCode === undefined ? '' : `, close code ${closeCode}`
  const who = code === 'peer-closed' ? `the ${peer}` : 'the tunnel service'
  return new TunnelError(code, `${who} ended the connection (${state}${how})`, { stage, closeCode })
}
