import type { AdvertSender } from '../../ports/data-channel.js'
import type { SystemCalls } from './system-calls.js'

/** What sockets of one kind differ in; the rest of the adapter holds for stream sockets of any. */
export interface SocketKind {
  /** A socket that has begun to connect. @throws SystemCallError, HybridError. */
  dial(calls: SystemCalls, to: AdvertSender, psm: number): number
  /** A socket that others can connect to. @throws SystemCallError. */
  listen(calls: SystemCalls): { readonly descriptor: number; readonly psm: number }
  /** The most bytes of one send; 0 while that is unknown. */
  sendLimit(calls: SystemCalls, descriptor: number): number
  /** Whether what was sent would arrive if the socket were closed now. */
  isDelivered(calls: SystemCalls, descriptor: number): boolean
}
