import type { AdvertServiceUuid } from '../../ports/ble.js'
import { expectEqual } from './assertion.js'
import { radioCase } from './bench.js'
import type { CaseOutline } from './bench.js'
import { turn } from '../../async/turn.js'
import { wordOf } from './probe.js'

/** A UUID that is not of hybrid adverts. */
const FOREIGN_UUID = 'feaa'
const SENDER = 'C0:FF:EE:00:00:01'
const UUIDS: readonly AdvertServiceUuid[] = ['fff9', 'fde2']
/** Shorter than an advert, an advert, and what fills 31 bytes beside a list of one UUID. */
const LENGTHS = [1, 19, 20, 21, 23]
/** A start takes several turns; a stop may come in each. */
const TURNS_WHILE_STARTING = 12

export const SCANNER_CASES: readonly CaseOutline[] = [
  radioCase(
    'scanner: hears service data under FFF9 and FDE2',
    ['makeScanner', 'transmit'],
    async (radio, bench) => {
      const { probe } = await bench.listen(radio.makeScanner())
      for (const uuid of UUIDS) {
        const payload = bench.payload()
        const transmission = await bench.transmit(radio.transmit(uuid, payload))
        await probe.until(wordOf(uuid, payload))
        await bench.stop(transmission)
      }
      expectEqual('the first word is', probe.seen[0], 'started')
    },
  ),

  radioCase(
    'scanner: hears two payloads from one address',
    ['makeScanner', 'transmit', 'addresses'],
    async (radio, bench) => {
      const { probe } = await bench.listen(radio.makeScanner())
      for (const payload of [bench.payload(), bench.payload()]) {
        const transmission = await bench.transmit(radio.transmit('fff9', payload, { address: SENDER }))
        await probe.until(wordOf('fff9', payload))
        await bench.stop(transmission)
      }
    },
  ),

  radioCase('scanner: ignores a foreign UUID', ['makeScanner', 'transmit'], async (radio, bench) => {
    const { probe } = await bench.listen(radio.makeScanner())
    const [foreign, ours] = [bench.payload(), bench.payload()]
    await bench.stop(await bench.transmit(radio.transmit(FOREIGN_UUID, foreign)))
    await bench.transmit(radio.transmit('fff9', ours))
    await probe.until(wordOf('fff9', ours))
    const heard = probe.seen.filter(word => word.endsWith(wordOf('', foreign)))
    expectEqual('foreign service data that was heard', heard, [])
  }),

  radioCase(
    'scanner: hears short and long service data',
    ['makeScanner', 'transmit'],
    async (radio, bench) => {
      const { probe } = await bench.listen(radio.makeScanner())
      for (const length of LENGTHS) {
        const payload = bench.payload(length)
        const transmission = await bench.transmit(radio.transmit('fff9', payload))
        await probe.until(wordOf('fff9', payload))
        await bench.stop(transmission)
      }
    },
  ),

  radioCase(
    'scanner: hears what was on the air before it',
    ['makeScanner', 'transmit'],
    async (radio, bench) => {
      const payload = bench.payload()
      await bench.transmit(radio.transmit('fff9', payload))
      const { probe } = await bench.listen(radio.makeScanner())
      await probe.until(wordOf('fff9', payload))
    },
  ),

  radioCase('scanner: calls nobody before scan() has returned', ['makeScanner'], async (radio, bench) => {
    const { probe } = bench.scan(radio.makeScanner())
    expectEqual('words before scan() returned', probe.seen, [])
    await probe.until('started')
  }),

  radioCase(
    'scanner: can be stopped while starting, and started again',
    ['makeScanner'],
    async (radio, bench) => {
      const scanner = radio.makeScanner()
      const { handle, probe } = bench.scan(scanner)
      await bench.stop(handle)
      expectEqual('words of a stopped scan', probe.seen, [])
      await bench.listen(scanner)
      expectEqual('words of a stopped scan', probe.seen, [])
    },
  ),

  radioCase('scanner: can be stopped at any moment of its start', ['makeScanner'], async (radio, bench) => {
    const scanner = radio.makeScanner()
    for (let turns = 1; turns <= TURNS_WHILE_STARTING; turns++) {
      const { handle, probe } = bench.scan(scanner)
      for (let each = 0; each < turns; each++) await turn()
      const stopped = bench.stop(handle)
      const { seen } = probe
      await stopped
      await turn()
      expectEqual(
        'failures',
        seen.filter(word => word.startsWith('failed')),
        [],
      )
      expectEqual('words after stop()', probe.seen.slice(seen.length), [])
    }
    await bench.listen(scanner)
  }),

  radioCase(
    'scanner: can be stopped twice, and is silent then',
    ['makeScanner', 'transmit'],
    async (radio, bench) => {
      const scanner = radio.makeScanner()
      const first = await bench.listen(scanner)
      await Promise.all([bench.stop(first.handle), bench.stop(first.handle)])
      await bench.stop(first.handle)
      const { seen } = first.probe
      const second = await bench.listen(scanner)
      const payload = bench.payload()
      await bench.transmit(radio.transmit('fff9', payload))
      await second.probe.until(wordOf('fff9', payload))
      expectEqual('words after stop()', first.probe.seen.slice(seen.length), [])
    },
  ),

  radioCase('scanner: runs twice at a time', ['makeScanner', 'transmit'], async (radio, bench) => {
    const scans = [await bench.listen(radio.makeScanner()), await bench.listen(radio.makeScanner())]
    const both = bench.payload()
    const transmission = await bench.transmit(radio.transmit('fff9', both))
    for (const { probe } of scans) await probe.until(wordOf('fff9', both))
    await bench.stop(transmission)
    const [first, second] = scans
    if (first !== undefined) await bench.stop(first.handle)
    const one = bench.payload()
    await bench.transmit(radio.transmit('fff9', one))
    await second?.probe.until(wordOf('fff9', one))
    expectEqual('the stopped scan heard', first?.probe.seen.includes(wordOf('fff9', one)), false)
  }),
]
