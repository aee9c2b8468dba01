import type { Suite } from '../harness/group.js'
import { wholeHandshake } from './handshake/whole.js'

export const measure: Suite = wholeHandshake('qr-initiated', 'KNpsk0')
