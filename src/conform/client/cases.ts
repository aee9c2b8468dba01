import type { ConformCase } from '../case.js'
import { CHANNELS_TO_CLIENTS } from './channel-cases.js'
import { DECENT_TO_CLIENTS } from './decent-cases.js'
import { LINKS_TO_CLIENTS } from './link-cases.js'
import { MISBEHAVING_TO_CLIENTS } from './misbehaving-cases.js'

/** All that is tried with a client. */
export const CLIENT_CASES: readonly ConformCase[] = [
  ...DECENT_TO_CLIENTS,
  ...CHANNELS_TO_CLIENTS,
  ...LINKS_TO_CLIENTS,
  ...MISBEHAVING_TO_CLIENTS,
]
