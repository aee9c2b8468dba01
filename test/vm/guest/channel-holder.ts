// Takes data channels until it is killed.
import { l2capListener } from 'fido-hybrid/adapters/l2cap'

l2capListener().listen({
  started: psm => void process.stdout.write(`${JSON.stringify({ event: 'listening', psm })}\n`),
  accepted: () => ({
    open: () => undefined,
    bytes: () => undefined,
    closed: () => undefined,
    failed: () => undefined,
  }),
  failed: (error: Error) => {
    throw error
  },
})
