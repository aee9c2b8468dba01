import type { DataChannelMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import type { Rule } from '../judgement.js'
import * as conduct from './conduct.js'
import type { ClientCheck } from './conduct.js'

/** What a client does when a data channel misbehaves, and what else is looked at. */
type ChannelRule = readonly [...rule: Rule, ...checks: readonly ClientCheck[]]

const failing = (section: string): ChannelRule => ['must', 'error', section]
/** Four billion bytes may be waited for: that the channel is given up is what tells. */
const refusingLength = (level: Rule[0]): ChannelRule => [level, 'no-result', '16.4', conduct.leavesChannel]

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

/** What else may come of a channel; what is left out shows nothing that another one does not. */
export const SPOILT_RULES: Readonly<Partial<Record<DataChannelMisbehaviour, ChannelRule>>> = {
  'message-repeated': failing('9'),
  'message-flipped-bit': failing('8.5'),
  'message-emptied': failing('16.4'),
  'length-huge': refusingLength('must'),
  'length-huge-later': refusingLength('must'),
  'length-beyond-limit-later': refusingLength('should'),
}
