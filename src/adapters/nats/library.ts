import type * as Kv from '@nats-io/kv'
import type * as Transport from '@nats-io/transport-node'
import { UnsupportedError } from '../../errors.js'

export type NatsLibrary = typeof Kv & typeof Transport

/** @throws UnsupportedError `package-missing`. */
export async function loadNats(): Promise<Pick<NatsLibrary, 'connect' | 'Kvm' | 'RequestError'>> {
  try {
    const [{ connect, RequestError }, { Kvm }] = await Promise.all([
      import('@nats-io/transport-node'),
      import('@nats-io/kv'),
    ])
    return { connect, RequestError, Kvm }
  } catch (cause) {
    const message = 'a directory on NATS needs the packages @nats-io/transport-node and @nats-io/kv'
    throw new UnsupportedError('package-missing', message, { cause })
  }
}
