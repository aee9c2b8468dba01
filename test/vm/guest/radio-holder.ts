// Scans or advertises until it is killed.
import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'

const ADVERT_BYTES = 20

const listener = {
  started: () => void process.stdout.write('{"event":"started"}\n'),
  advert: () => undefined,
  failed: (error: Error) => {
    throw error
  },
}
if (process.argv[2] === 'scan') bluezScanner({ adapter: 'hci1' }).scan(listener)
else bluezAdvertiser({ adapter: 'hci0' }).advertise(new Uint8Array(ADVERT_BYTES), listener)
