import { Message, MessageFlag, systemBus, Variant } from '@jellybrick/dbus-next'
import type { Transmission } from 'fido-hybrid/testing'

const PATH = '/guest/advert'
const MANAGER = 'org.bluez.LEAdvertisingManager1'
const OBJECT = { path: PATH, interface: 'org.freedesktop.DBus.Properties', member: 'GetAll' }

/** Sends service data under any UUID, as another program on hci0 would. */
export async function transmit(uuid: string, serviceData: Uint8Array): Promise<Transmission> {
  const bus = systemBus()
  const properties = {
    Type: new Variant('s', 'broadcast'),
    ServiceUUIDs: new Variant('as', [uuid]),
    ServiceData: new Variant('a{sv}', { [uuid]: new Variant('ay', Buffer.from(serviceData)) }),
  }
  bus.addMethodHandler(call => {
    if (call.path !== OBJECT.path || call.interface !== OBJECT.interface || call.member !== OBJECT.member)
      return false
    if ((call.flags & MessageFlag.NO_REPLY_EXPECTED) === 0)
      bus.send(Message.newMethodReturn(call, 'a{sv}', [properties]))
    return true
  })
  const manage = async (member: string, signature: string, body: readonly unknown[]): Promise<void> => {
    const target = { destination: 'org.bluez', path: '/org/bluez/hci0', interface: MANAGER }
    await bus.call(new Message({ ...target, member, signature, body: [...body] }))
  }
  await manage('RegisterAdvertisement', 'oa{sv}', [PATH, {}])
  const unregister = async (): Promise<void> => {
    await manage('UnregisterAdvertisement', 'o', [PATH])
    bus.disconnect()
  }
  let stopped: Promise<void> | undefined
  return { stop: () => (stopped ??= unregister()) }
}
