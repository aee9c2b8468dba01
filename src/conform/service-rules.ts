import type { ServiceMisbehaviour } from '../testing/misbehaving/service-catalogue.js'
import type { Rule } from './judgement.js'

const failing = (section: string): Rule => ['must', 'error', section]
/** Nothing happens that could end it at once. */
const waiting: Rule = ['must', 'no-result', '7.1']

/** How a role ends at a tunnel service that misbehaves. What only phones read is left out here and given to them. */
export const SERVICE_RULES: Readonly<Partial<Record<ServiceMisbehaviour, Rule>>> = {
  silent: waiting,
  'slow-head': waiting,
  'endless-head': failing('7.1'),
  garbage: failing('7.1'),
  'hang-up-at-connect': failing('7.1'),
  'hang-up-at-request': failing('7.1'),
  'status-200': failing('7.3'),
  'status-400': failing('7.3'),
  'status-403': failing('7.3'),
  'status-404': failing('7.3'),
  'status-410': failing('7.3'),
  'status-429': failing('7.3'),
  'status-500': failing('7.3'),
  'status-503': failing('7.3'),
  'status-unknown': failing('7.3'),
  'redirect-circle': failing('7.3'),
  'redirect-to-http': failing('7.3'),
  'redirect-to-file': failing('7.3'),
  'redirect-to-nowhere': failing('7.3'),
  'redirect-without-location': failing('7.3'),
  'subprotocol-missing': failing('7.2'),
  'subprotocol-other': failing('7.2'),
  'subprotocol-doubled': ['should', 'error', '7.2'],
  'accept-key-wrong': ['should', 'error', '7.1'],
  'extension-unasked': ['should', 'error', '7.1'],
  'text-frame': failing('7.4'),
  'oversized-frame': failing('7.4'),
  'unfinished-frame': ['must', 'no-result', '7.4'],
  'masked-frame': ['should', 'error', '7.4'],
  'reserved-bit': ['should', 'error', '7.4'],
  'reserved-opcode': ['should', 'error', '7.4'],
  'lonely-continuation': ['should', 'error', '7.4'],
  'hang-up-after-upgrade': failing('11'),
  'close-1001': failing('11'),
  'close-1003': failing('11'),
  'close-1008': failing('11'),
  'close-1009': failing('11'),
  'close-code-invalid': failing('11'),
}
