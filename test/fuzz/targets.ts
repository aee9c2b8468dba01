import { authenticatorOnChannel, authenticatorSession } from './targets/authenticator-session.js'
import { cbor } from './targets/cbor.js'
import { clientOnChannel, clientSession } from './targets/client-session.js'
import { ctap } from './targets/ctap.js'
import { messages } from './targets/message.js'
import { qr } from './targets/qr.js'
import { traces } from './targets/trace.js'
import { tunnel } from './targets/tunnel.js'
import { webauthn } from './targets/webauthn.js'
import type { FuzzTarget } from './target.js'

/** Everything that takes bytes from strangers. */
export const TARGETS: readonly FuzzTarget[] = [
  qr,
  tunnel,
  messages,
  cbor,
  ctap,
  webauthn,
  clientSession,
  clientOnChannel,
  authenticatorSession,
  authenticatorOnChannel,
  traces,
]
