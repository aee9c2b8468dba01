/** WebSocket close codes (RFC 6455 section 7.4.1). */
export const CLOSE_CODE = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  /** Never sent: the connection ended without a close frame. */
  noCloseFrame: 1006,
  /** A limit or rule of the side that closes. */
  policy: 1008,
  tooBig: 1009,
  /** The IANA registry of RFC 6455: come back soon. */
  serviceRestart: 1012,
} as const
