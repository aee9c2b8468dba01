/** Registers an account in a page. */
export const CREATE = `navigator.credentials.create({ publicKey: {
  rp: { name: 'Acme' },
  user: { id: new Uint8Array([1, 2, 3]), name: 'ada', displayName: 'Ada' },
  challenge: new Uint8Array(32),
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required' },
} })`

/** Signs in, with whatever account the phone has. */
export const GET = `navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } })`
