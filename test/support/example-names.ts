/**
 * What an example in a docstring may use without saying where it comes from, beside what the package and its own file export:
 * each name, and its type as a consumer would write it.
 */
export const EXAMPLE_NAMES: Readonly<Record<string, string>> = {
  // the surroundings of a program
  platform: `import('fido-hybrid/node').Platform`,
  crypto: `import('fido-hybrid').CryptoProvider`,
  random: `import('fido-hybrid').Random`,
  clock: `import('fido-hybrid').Clock`,
  dialer: `import('fido-hybrid').TunnelDialer`,
  scanner: `import('fido-hybrid').BleScanner`,
  signal: 'AbortSignal',
  // the two roles
  client: `import('fido-hybrid').HybridClient`,
  phone: `import('fido-hybrid').HybridAuthenticator`,
  handler: `import('fido-hybrid').CtapHandler`,
  store: `import('fido-hybrid').CredentialStore`,
  consent: `import('fido-hybrid/virtual').Consent`,
  lab: `import('fido-hybrid/testing').Lab`,
  links: `readonly import('fido-hybrid').Link[]`,
  // a ceremony
  origin: 'string',
  creationOptions: `import('fido-hybrid').PublicKeyCredentialCreationOptionsJSON`,
  requestOptions: `import('fido-hybrid').PublicKeyCredentialRequestOptionsJSON`,
  ceremony: `import('fido-hybrid').CeremonyOptions`,
  onQr: `(qr: import('fido-hybrid').Qr) => void`,
  // the wire
  bytes: 'Uint8Array',
  serviceData: 'Uint8Array',
  send: '(bytes: Uint8Array) => void',
  receive: '() => Promise<Uint8Array>',
  perform: '(output: object) => void',
  traffic: `import('fido-hybrid/session').SealedTraffic`,
  identity: `import('fido-hybrid').EcdhKey`,
  ephemeral: `import('fido-hybrid').EcdhKey`,
  publicKey: `import('fido-hybrid/wire').P256Point`,
  secret: `import('fido-hybrid/wire').QrSecret`,
  psk: `import('fido-hybrid/wire').Psk`,
  nonce: `import('fido-hybrid/wire').ClientNonce`,
  // Electron
  ipcMain: `import('fido-hybrid/electron/main').CredentialsIpcMain`,
  BrowserWindow: `import('fido-hybrid/electron/main').PasskeyWindowClass`,
  contextBridge: `import('fido-hybrid/electron/preload').PreloadParts['contextBridge']`,
  ipcRenderer: `import('fido-hybrid/electron/preload').PreloadParts['ipcRenderer']`,
  webFrame: `import('fido-hybrid/electron/preload').PreloadParts['webFrame']`,
  // the rest
  chromium: `import('playwright-core').BrowserType`,
  page: `import('playwright-core').Page`,
  harness: `import('fido-hybrid/testing').RadioHarness`,
}
