import { expectEqual } from './assertion.js'
import { radioCase } from './bench.js'
import type { CaseOutline } from './bench.js'
import { turn } from '../../async/turn.js'
import { wordOf } from './probe.js'

/** A start takes several turns; a stop may come in each. */
const TURNS_WHILE_STARTING = 12

export const ADVERTISER_CASES: readonly CaseOutline[] = [
  radioCase('advertiser: is heard under FFF9', ['makeScanner', 'makeAdvertiser'], async (radio, bench) => {
    const { probe } = await bench.listen(radio.makeScanner())
    const payload = bench.payload()
    const advert = await bench.publish(radio.makeAdvertiser(), payload)
    await probe.until(wordOf('fff9', payload))
    expectEqual('words of the advert', advert.probe.seen, ['started'])
  }),

  radioCase(
    'advertiser: is heard by a late scanner',
    ['makeScanner', 'makeAdvertiser'],
    async (radio, bench) => {
      const payload = bench.payload()
      await bench.publish(radio.makeAdvertiser(), payload)
      const { probe } = await bench.listen(radio.makeScanner())
      await probe.until(wordOf('fff9', payload))
    },
  ),

  radioCase(
    'advertiser: keeps its own copy of the bytes',
    ['makeScanner', 'makeAdvertiser'],
    async (radio, bench) => {
      const { probe } = await bench.listen(radio.makeScanner())
      const payload = bench.payload()
      const word = wordOf('fff9', payload)
      const { probe: sends } = bench.advertise(radio.makeAdvertiser(), payload)
      payload.fill(0)
      await sends.until('started')
      await probe.until(word)
    },
  ),

  radioCase(
    'advertiser: calls nobody before advertise() has returned',
    ['makeAdvertiser'],
    async (radio, bench) => {
      const { probe } = bench.advertise(radio.makeAdvertiser(), bench.payload())
      expectEqual('words before advertise() returned', probe.seen, [])
      await probe.until('started')
    },
  ),

  radioCase(
    'advertiser: is off the air once stopped, also when stopped twice',
    ['makeScanner', 'makeAdvertiser'],
    async (radio, bench) => {
      const advertiser = radio.makeAdvertiser()
      const [gone, marker] = [bench.payload(), bench.payload()]
      const { handle, probe: sends } = await bench.publish(advertiser, gone)
      await Promise.all([bench.stop(handle), bench.stop(handle)])
      await bench.stop(handle)
      const { probe } = await bench.listen(radio.makeScanner())
      await bench.publish(advertiser, marker)
      await probe.until(wordOf('fff9', marker))
      expectEqual('the stopped advert was heard', probe.seen.includes(wordOf('fff9', gone)), false)
      expectEqual('words of the stopped advert', sends.seen, ['started'])
    },
  ),

  radioCase(
    'advertiser: can be stopped while starting, and started again',
    ['makeScanner', 'makeAdvertiser'],
    async (radio, bench) => {
      const advertiser = radio.makeAdvertiser()
      const [gone, marker] = [bench.payload(), bench.payload()]
      const { probe } = await bench.listen(radio.makeScanner())
      const { handle, probe: sends } = bench.advertise(advertiser, gone)
      await bench.stop(handle)
      await bench.publish(advertiser, marker)
      await probe.until(wordOf('fff9', marker))
      expectEqual('the stopped advert was heard', probe.seen.includes(wordOf('fff9', gone)), false)
      expectEqual('words of the stopped advert', sends.seen, [])
    },
  ),

  radioCase(
    'advertiser: can be stopped at any moment of its start',
    ['makeAdvertiser'],
    async (radio, bench) => {
      const advertiser = radio.makeAdvertiser()
      for (let turns = 1; turns <= TURNS_WHILE_STARTING; turns++) {
        const { handle, probe } = bench.advertise(advertiser, bench.payload())
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
      await bench.publish(advertiser, bench.payload())
    },
  ),

  radioCase(
    'advertiser: sends as much as fits',
    ['makeScanner', 'makeAdvertiser', 'maxServiceDataBytes'],
    async (radio, bench) => {
      const { probe } = await bench.listen(radio.makeScanner())
      const payload = bench.payload(radio.maxServiceDataBytes)
      await bench.publish(radio.makeAdvertiser(), payload)
      await probe.until(wordOf('fff9', payload))
    },
  ),

  radioCase(
    'advertiser: refuses what is too long',
    ['makeAdvertiser', 'maxServiceDataBytes'],
    async (radio, bench) => {
      const payload = bench.payload(radio.maxServiceDataBytes + 1)
      const { handle, probe } = bench.advertise(radio.makeAdvertiser(), payload)
      await probe.until('failed advert-too-long')
      await bench.stop(handle)
      expectEqual('words of the advert', probe.seen, ['failed advert-too-long'])
    },
  ),
]
