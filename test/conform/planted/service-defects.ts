import type { Defect } from './defect.js'

const OF_SERVICE: readonly Omit<Defect, 'role'>[] = [
  {
    name: 'takes phones without the sub-protocol',
    foundBy: 'subprotocol-missing',
    file: 'service/admission.ts',
    good: '!offersSubprotocol(request)',
    bad: 'false',
  },
  {
    name: 'crashes at a path that it cannot read',
    foundBy: 'path-not-hex',
    file: 'service/admission.ts',
    good: "parsePath(request.url ?? '', rules.maxPathLength)",
    bad: "parseTunnelPath(request.url ?? '')",
  },
  {
    name: 'selects no sub-protocol',
    foundBy: 'subprotocol',
    file: 'service/gate.ts',
    good: '() => TUNNEL_SUBPROTOCOL',
    bad: '() => false',
  },
  {
    name: 'gives no routing ID',
    foundBy: 'routing-id',
    file: 'service/leg-request.ts',
    good: "request.type === 'new'",
    bad: 'false',
  },
  {
    name: 'reads IDs of clients in upper case only',
    foundBy: 'join-lower-case',
    file: 'tunnel/path.ts',
    good: 'tunnelId(decodeHex(second))',
    bad: "tunnelId(decodeHex(/[a-f]/.test(second) ? '' : second))",
  },
  {
    name: 'does not look at routing IDs',
    foundBy: 'join-other-routing-id',
    file: 'service/tunnels.ts',
    good: 'tunnel?.route !== routeOf(routingId)',
    bad: 'tunnel === undefined',
  },
  {
    name: 'lets several clients join',
    foundBy: 'join-twice',
    file: 'service/tunnels.ts',
    good: 'this.#waiting.delete(key)',
    bad: 'undefined',
  },
  {
    name: 'takes a second phone with the same tunnel ID',
    foundBy: 'new-twice',
    file: 'service/tunnels.ts',
    good: 'this.#find(key) !== undefined',
    bad: 'false',
  },
  {
    name: 'loses what comes before the client',
    foundBy: 'message-early',
    file: 'service/tunnels.ts',
    good: '(reader?.outbox ?? tunnel.toJoiner).push(bytes)',
    bad: 'reader === undefined ? [] : reader.outbox.push(bytes)',
  },
  {
    name: 'keeps messages without bound',
    foundBy: 'unread',
    file: 'service/outbox.ts',
    good: '!(goesOn || this.#mayWait(message)) || !this.#budget.take(charge)',
    bad: 'false',
  },
  {
    name: 'turns messages round',
    foundBy: 'messages',
    file: 'service/frame.ts',
    good: 'frame.set(payload, frame.length - length)',
    bad: 'frame.set(payload.toReversed(), frame.length - length)',
  },
  {
    name: 'passes text',
    foundBy: 'message-text',
    file: 'service/leg-socket.ts',
    good: "{ type: 'unacceptable', leg, fault: 'not-binary' }",
    bad: "{ type: 'message', leg, bytes: bytesOf(data) }",
  },
  {
    name: 'answers no pings',
    foundBy: 'ping',
    file: 'service/leg-socket.ts',
    good: 'this.#pong(data)',
    bad: 'undefined',
  },
  {
    name: 'tells nobody that the other side has left',
    foundBy: 'close-of-phone',
    file: 'service/relay.ts',
    good: '[...this.#tunnels.gone(leg, clean), ...this.#lines.gone(leg, reason)]',
    bad: '[]',
  },
]

export const SERVICE_DEFECTS: readonly Defect[] = OF_SERVICE.map(defect => ({ ...defect, role: 'service' }))
