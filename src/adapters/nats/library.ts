import type * as Kv from '@nats-io/kv'
import type * as Transport from '@nats-io/transport-node'
import { UnsupportedError } from '../../errors.js'

export type NatsLibrary = typeof Kv & typeof Transport

/** @throws UnsupportedError `package-missing`. */
export async function loadNats(): Promise<Pick<NatsLibrary, 'connect' | 'Kvm' | 'RequestError'>> {
  try {
    // A bundler passes over a missing package where its import is awaited within `try`.
    const { connect, RequestError } = await import('@nats-io/transport-node')
    const { Kvm } = await import('@nats-io/kv')
    return { connect, RequestError, Kvm }
  } catch (cause) {
    const message = 'a directory on NATS needs the packages @nats-io/transport-node and @nats-io/kv'
    throw new UnsupportedError('package-missing', message, { cause })
  }
}
