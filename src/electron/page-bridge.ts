/** Where preload scripts and the main process meet. */
export const CHANNEL = 'fido-hybrid:credentials'

/** Where the page’s world finds its way to the preload script: a function that sends a message and gives the reply. */
export const BRIDGE = 'fidoHybridBridge'
