/**
 * Stands in for `@abandonware/bluetooth-hci-socket` and `@stoprocent/bluetooth-hci-socket`, which need Bluetooth in the
 * kernel: each socket is a controller of the emulator btvirt, spoken to in H4, and the real noble and bleno run on it.
 * Preloaded by `node --require`. `BTVIRT_SOCKET` names the emulator’s socket: without it there is no adapter.
 * `HCI_SOCKET_DENIES` makes it what an adapter is without permission; while the file `HCI_SWITCHED_OFF` exists, it is off.
 */
'use strict'
const { EventEmitter } = require('node:events')
const { existsSync } = require('node:fs')
const Module = require('node:module')
const net = require('node:net')

const EVENT = 0x04
const ACL_DATA = 0x02

/** How long the H4 packet at the start of the bytes is; undefined until its header is there. */
function packetLength(bytes) {
  if (bytes[0] === EVENT && bytes.length >= 3) return 3 + bytes[2]
  if (bytes[0] === ACL_DATA && bytes.length >= 5) return 5 + bytes.readUInt16LE(3)
  return undefined
}

function isOff() {
  return existsSync(process.env.HCI_SWITCHED_OFF)
}

class EmulatedHciSocket extends EventEmitter {
  #socket
  #bytes = Buffer.alloc(0)
  #up = false

  bindRaw(device = 0) {
    if (!existsSync(process.env.BTVIRT_SOCKET)) throw this.error('ENODEV', 'No such device', 'bind')
    this.#up = true
    this.#socket = net
      .connect(process.env.BTVIRT_SOCKET)
      .on('data', bytes => this.#receive(bytes))
      .on('error', () => undefined)
      .on('close', () => (this.#up = false))
    return device
  }

  bindUser(device) {
    return this.bindRaw(device)
  }

  isDevUp() {
    return this.#up && !isOff()
  }

  write(bytes) {
    if (process.env.HCI_SOCKET_DENIES)
      this.emit('error', this.error('EPERM', 'Operation not permitted', 'write'))
    else if (isOff()) this.emit('error', this.error('ENETDOWN', 'Network is down', 'write'))
    else this.#socket.write(bytes)
  }

  stop() {
    this.#socket?.destroy()
    this.#up = false
  }

  bindControl() {}

  start() {}

  setFilter() {}

  reset() {}

  #receive(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    for (let length; (length = packetLength(this.#bytes)) <= this.#bytes.length;) {
      const packet = this.#bytes.subarray(0, length)
      this.#bytes = this.#bytes.subarray(length)
      this.emit('data', Buffer.from(packet))
    }
  }
}

class AbandonwareHciSocket extends EmulatedHciSocket {
  error(code, message, syscall) {
    return Object.assign(new Error(`${code}, ${message}`), { code, syscall })
  }
}

/** Its errors have no code, wherefore its noble and bleno do not recognise a lack of permission. */
class StoprocentHciSocket extends EmulatedHciSocket {
  static loadDriver = () => StoprocentHciSocket

  error(_code, message, syscall) {
    return Object.assign(new Error(message), syscall === 'bind' ? {} : { syscall })
  }
}

const SOCKETS = new Map([
  ['@abandonware/bluetooth-hci-socket', AbandonwareHciSocket],
  ['@stoprocent/bluetooth-hci-socket', StoprocentHciSocket],
])

const load = Module._load
Module._load = function (name, ...rest) {
  return SOCKETS.get(name) ?? load.call(this, name, ...rest)
}
