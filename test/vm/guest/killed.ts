import { fileURLToPath } from 'node:url'
import { untilProperty } from './adapter.js'
import { startChild } from './child.js'

const HOLDER = fileURLToPath(new URL('radio-holder.js', import.meta.url))
const DISCOVERING = ['Adapter1', 'Discovering'] as const
const ADVERTS = ['LEAdvertisingManager1', 'ActiveInstances'] as const

/** Kills a program that scans and one that advertises: bluetoothd gives the radio back. */
export async function killRadioUsers(): Promise<object> {
  await killWhile('scan', 'hci1', DISCOVERING, ['true', 'false'])
  await killWhile('advertise', 'hci0', ADVERTS, ['1', '0'])
  return { released: ['scan', 'advertise'] }
}

async function killWhile(
  use: string,
  adapter: string,
  property: typeof DISCOVERING | typeof ADVERTS,
  [during, after]: readonly [string, string],
): Promise<void> {
  await untilProperty(adapter, property, after)
  const holder = startChild(process.execPath, [HOLDER, use])
  await holder.event('started')
  await untilProperty(adapter, property, during)
  holder.kill()
  await holder.end
  await untilProperty(adapter, property, after)
}
