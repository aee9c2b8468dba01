import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** H4 packet types (Bluetooth Core, volume 4, part A, 2). */
const COMMAND = 0x01
const EVENT_COMMAND_COMPLETE = 0x0e
/** Packet type, event code, length; then packet count, opcode, status. */
const EVENT_HEADER_BYTES = 3
const STATUS_OFFSET = 6

/** Opcodes, group and command together (volume 4, part E, 7). */
const RESET = 0x0c03
const LE_SET_RANDOM_ADDRESS = 0x2005
const LE_SET_ADVERTISING_PARAMETERS = 0x2006
const LE_SET_ADVERTISING_DATA = 0x2008
const LE_SET_ADVERTISING_ENABLE = 0x200a

const MAX_ADVERTISING_DATA_BYTES = 31
const SERVICE_DATA_TYPE = 0x16
/** 100 ms as interval, not connectable, a random address of our own, all channels, no filter. */
const PARAMETERS = Buffer.from('a000a0000301' + '00000000000000' + '0700', 'hex')

/** A controller of the emulator, spoken to directly. */
export class BtvirtController {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #completed: (status: number | undefined) => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', bytes => {
      this.#receive(bytes)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#completed(undefined)
    })
  }

  static async open(path: string): Promise<BtvirtController> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new BtvirtController(socket)
  }

  /** Whether there is a controller behind the socket. */
  async answers(): Promise<boolean> {
    return (await this.#run(RESET)) === 0
  }

  /** Sends service data from a random address until closed. */
  async advertise(uuid: string, serviceData: Uint8Array, address: string): Promise<void> {
    const service = Buffer.from(uuid, 'hex').reverse()
    const data = Buffer.concat([
      Buffer.of(1 + service.length + serviceData.length, SERVICE_DATA_TYPE),
      service,
      serviceData,
    ])
    const padding = Buffer.alloc(MAX_ADVERTISING_DATA_BYTES - data.length)
    await this.#command(RESET)
    await this.#command(LE_SET_RANDOM_ADDRESS, Buffer.from(address.replaceAll(':', ''), 'hex').reverse())
    await this.#command(LE_SET_ADVERTISING_PARAMETERS, PARAMETERS)
    await this.#command(LE_SET_ADVERTISING_DATA, Buffer.concat([Buffer.of(data.length), data, padding]))
    await this.#command(LE_SET_ADVERTISING_ENABLE, Buffer.of(1))
  }

  close(): void {
    this.#socket.destroy()
  }

  async #command(opcode: number, parameters?: Buffer): Promise<void> {
    const status = await this.#run(opcode, parameters)
    if (status !== 0) throw new Error(`command ${opcode.toString(16)} gave ${String(status)}`)
  }

  /** The status; undefined when the controller hangs up. */
  #run(opcode: number, parameters: Buffer = Buffer.alloc(0)): Promise<number | undefined> {
    return new Promise(completed => {
      this.#completed = completed
      this.#socket.write(
        Buffer.concat([Buffer.of(COMMAND, opcode & 0xff, opcode >> 8, parameters.length), parameters]),
      )
    })
  }

  #receive(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    while (this.#bytes.length >= EVENT_HEADER_BYTES) {
      const length = EVENT_HEADER_BYTES + (this.#bytes[2] ?? 0)
      if (this.#bytes.length < length) return
      if (this.#bytes[1] === EVENT_COMMAND_COMPLETE) this.#completed(this.#bytes[STATUS_OFFSET])
      this.#bytes = this.#bytes.subarray(length)
    }
  }
}
