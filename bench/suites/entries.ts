/** What programs import. */
export const ENTRIES = [
  'fido-hybrid',
  'fido-hybrid/wire',
  'fido-hybrid/noise',
  'fido-hybrid/session',
  'fido-hybrid/node',
  'fido-hybrid/virtual',
  'fido-hybrid/service',
  'fido-hybrid/testing',
] as const
