import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROPERTIES = 'org.freedesktop.DBus.Properties'

/** The interfaces of an adapter whose properties are asked for. */
type AdapterInterface = 'Adapter1' | 'LEAdvertisingManager1'

/** A property of an adapter as bluetoothd tells it to another program; values in the words of dbus-send. */
export async function adapterProperty(
  adapter: string,
  ofInterface: AdapterInterface,
  name: string,
): Promise<string> {
  const { stdout } = await send(adapter, 'Get', `string:org.bluez.${ofInterface}`, `string:${name}`)
  return /(\S+)\s*$/.exec(stdout)?.[1] ?? ''
}

/** Switches an adapter on or off; settles when it is. */
export async function setPowered(adapter: string, powered: boolean): Promise<void> {
  await send(adapter, 'Set', 'string:org.bluez.Adapter1', 'string:Powered', `variant:boolean:${powered}`)
}

/** Waits until a property has a value. */
export async function untilProperty(
  adapter: string,
  [ofInterface, name]: readonly [AdapterInterface, string],
  value: string,
): Promise<void> {
  // dbus-send takes long enough to be no busy waiting.
  while ((await adapterProperty(adapter, ofInterface, name)) !== value);
}

function send(adapter: string, method: string, ...body: readonly string[]): Promise<{ stdout: string }> {
  const call = ['--dest=org.bluez', `/org/bluez/${adapter}`, `${PROPERTIES}.${method}`, ...body]
  return run('dbus-send', ['--system', '--print-reply=literal', ...call])
}
