/**
 * A noble and a bleno for packages that tests put together: with the manners of the real ones, on no radio. They write
 * what happens to the file that `NATIVE_LOG` names, chatter on stdout, and keep their process busy for ever.
 */
'use strict'
const { EventEmitter } = require('node:events')
const { appendFileSync } = require('node:fs')

function log(line) {
  if (process.env.NATIVE_LOG) appendFileSync(process.env.NATIVE_LOG, `${line}\n`)
}

/** What every native module does to its process. */
function settleDown() {
  setInterval(() => undefined, 1000)
  process.on('SIGINT', () => process.exit(1))
  process.on('exit', () => log('exit'))
  console.log('warning: something on stdout')
}

/** Starts in the next tick, or when its state is read. */
class Noble extends EventEmitter {
  #state = 'unknown'
  #started = false
  #scanning

  constructor() {
    super()
    this.on('newListener', event => event === 'stateChange' && process.nextTick(() => this.start()))
  }

  get state() {
    this.start()
    return this.#state
  }

  start() {
    if (this.#started) return
    this.#started = true
    settleDown()
    setImmediate(() => this.change('poweredOn'))
  }

  change(state) {
    this.#state = state
    this.emit('stateChange', state)
  }

  startScanning(serviceUuids, allowDuplicates, done) {
    log(`startScanning ${JSON.stringify(serviceUuids)} ${allowDuplicates}`)
    setImmediate(() => {
      done(null)
      for (const serviceData of [[], [{ uuid: 'fff9', data: Buffer.from('0102', 'hex') }]])
        this.emit('discover', { id: 1, cannot: () => 'be sent', advertisement: { serviceData } })
    })
  }

  stopScanning(done) {
    log('stopScanning')
    setImmediate(done)
  }
}

/** Starts inside of the first `.on('stateChange')`. */
class Bleno extends EventEmitter {
  state = 'unknown'

  constructor() {
    super()
    this.on('newListener', event => event === 'stateChange' && this.state === 'unknown' && this.start())
  }

  start() {
    settleDown()
    this.change('poweredOn')
  }

  change(state) {
    this.state = state
    this.emit('stateChange', state)
  }

  startAdvertisingWithEIRData(advertisementData, scanData, done) {
    const copy = Buffer.alloc(32)
    advertisementData.copy(copy, 1)
    log(`advertise ${copy.toString('hex', 1, 1 + advertisementData.length)} ${scanData.length}`)
    setImmediate(() => done(null))
  }

  stopAdvertising(done) {
    log('stopAdvertising')
    setImmediate(done)
  }

  disconnect(handle) {
    log(`disconnect ${handle}`)
  }
}

module.exports = { Noble, Bleno, log }
