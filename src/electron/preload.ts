/**
 * For preload scripts of Electron: the page’s `navigator.credentials` asks the main process. Needs nothing of Node, so that a sandboxed
 * preload script can have it bundled; `fido-hybrid/electron/preload.cjs` is one that is bundled already.
 * @module
 */
export { exposeCredentials } from './expose-credentials.js'
export type { ExposeCredentialsOptions, PreloadParts } from './expose-credentials.js'
