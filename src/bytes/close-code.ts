/** @module WebSocket close codes (RFC 6455 section 7.4.1), each by itself so that bundles take only those that they need. */

export const normal = 1000
export const goingAway = 1001
export const unsupportedData = 1003
/** Never sent: the connection ended without a close frame. */
export const noCloseFrame = 1006
/** A limit or rule of the side that closes. */
export const policy = 1008
export const tooBig = 1009
/** The IANA registry of RFC 6455: come back soon. */
export const serviceRestart = 1012
