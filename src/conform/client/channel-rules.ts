import type { DataChannelMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import type { Rule } from '../judgement.js'

const failing = (section: string): Rule => ['must', 'error', section]

/** Channels that do not open to a client whose phone has a tunnel, too. */
export const UNOPENED_RULES: Readonly<Partial<Record<DataChannelMisbehaviour, Rule>>> = {
  refuses: ['must', 'result', '16.1'],
  'never-opens': ['must', 'result', '16.1'],
}

/** Channels that are lost once they have opened: the tunnel is not turned to. */
export const LOST_RULES: Readonly<Partial<Record<DataChannelMisbehaviour, Rule>>> = {
  'closes-at-first-message': ['should', 'error', '16.1'],
  'closes-within-message': ['should', 'error', '16.4'],
  'breaks-at-first-message': ['should', 'error', '16.1'],
}

/** Channels whose messages are wrong; what is left out shows nothing that another one does not. */
export const SPOILT_RULES: Readonly<Partial<Record<DataChannelMisbehaviour, Rule>>> = {
  'message-repeated': failing('9'),
  'message-flipped-bit': failing('8.5'),
  'message-emptied': failing('16.4'),
}

/** Channels with messages that are too long. These may be waited for: that the channel is left is what tells. */
export const LENGTH_RULES: Readonly<Partial<Record<DataChannelMisbehaviour, Rule>>> = {
  'length-huge': ['must', 'no-result', '16.4'],
  'length-huge-later': ['must', 'no-result', '16.4'],
  'length-beyond-limit-later': ['should', 'no-result', '16.4'],
}
