/** How a stranger can misbehave towards a tunnel service, and what it does. */
export const STRANGER_MISBEHAVIOURS = {
  'message-in-bytes': 'sends a message of a mebibyte one byte a TCP segment, over TLS one byte a record',
  'message-in-fragments': 'sends a message in fragments of one byte',
  'fragments-among-pings': 'sends fragments of one byte, and 60 KiB of pings before each',
  'half-message': 'sends most of a message, and never the rest',
  'pings-unread': 'sends pings and reads no answer',
  'proxy-header-forged': 'begins with a PROXY header, as if it were a proxy',
  'forwarded-forged': 'says in `X-Forwarded-For` that it speaks for another',
} as const

/** A way in which a stranger misbehaves. */
export type StrangerMisbehaviour = keyof typeof STRANGER_MISBEHAVIOURS
