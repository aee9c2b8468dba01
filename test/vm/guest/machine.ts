import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { adapterProperty } from './adapter.js'

/** Who runs this, and what bluetoothd has. */
export async function describeMachine(): Promise<object> {
  const status = await readFile('/proc/self/status', 'utf8')
  return {
    user: process.getuid?.(),
    groups: process.getgroups?.(),
    capabilities: /^CapEff:\s*(.*)$/m.exec(status)?.[1],
    mayOpenRadio: await access('/dev/vhci', constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
    adapters: await Promise.all(['hci0', 'hci1'].map(describeAdapter)),
  }
}

async function describeAdapter(name: string): Promise<object> {
  const address = await adapterProperty(name, 'Adapter1', 'Address')
  const powered = await adapterProperty(name, 'Adapter1', 'Powered')
  return { name, address, powered }
}
