import type { FaultCodes, RadioFault, RadioHarness } from './harness.js'
import { expectEqual } from './assertion.js'
import { radioCase } from './bench.js'
import type { CaseOutline, Probed, RadioBench } from './bench.js'

type Running = Probed<{ stop(): Promise<void> }>

/** What each fault has to give, unless a harness says otherwise. */
const CODES: Readonly<Record<RadioFault, FaultCodes>> = {
  noAdapter: both('bluetooth-unavailable'),
  powerOff: both('bluetooth-off'),
  unauthorise: both('bluetooth-unauthorised'),
  removeAdapter: both('bluetooth-lost'),
}

const WHILE_STARTING = [
  ['no adapter', 'noAdapter'],
  ['powered off', 'powerOff'],
  ['unauthorised', 'unauthorise'],
] as const

const IN_THE_MIDDLE = [
  ['adapter removed in the middle', 'removeAdapter'],
  ['powered off in the middle', 'powerOff'],
] as const

export const FAULT_CASES: readonly CaseOutline[] = [
  ...WHILE_STARTING.flatMap(([name, fault]) => [
    radioCase(`scanner: ${name}`, ['makeScanner', fault], async (radio, bench) => {
      await radio[fault]()
      await expectFailure(bench, bench.scan(radio.makeScanner()), [], codeOf(radio, fault).scan)
    }),
    radioCase(`advertiser: ${name}`, ['makeAdvertiser', fault], async (radio, bench) => {
      await radio[fault]()
      const advert = bench.advertise(radio.makeAdvertiser(), bench.payload())
      await expectFailure(bench, advert, [], codeOf(radio, fault).advertise)
    }),
  ]),
  ...IN_THE_MIDDLE.flatMap(([name, fault]) => [
    radioCase(`scanner: ${name}`, ['makeScanner', fault], async (radio, bench) => {
      const scan = await bench.listen(radio.makeScanner())
      await radio[fault]()
      await expectFailure(bench, scan, ['started'], codeOf(radio, fault).scan)
    }),
    radioCase(`advertiser: ${name}`, ['makeAdvertiser', fault], async (radio, bench) => {
      const advert = await bench.publish(radio.makeAdvertiser(), bench.payload())
      await radio[fault]()
      await expectFailure(bench, advert, ['started'], codeOf(radio, fault).advertise)
    }),
  ]),
]

async function expectFailure(
  bench: RadioBench,
  { probe, handle }: Running,
  before: readonly string[],
  code: string,
): Promise<void> {
  await probe.until(`failed ${code}`)
  await bench.stop(handle)
  // Strangers’ adverts may have come in between.
  const words = probe.seen.filter(word => word === 'started' || word.startsWith('failed'))
  expectEqual('words in all', words, [...before, `failed ${code}`])
  expectEqual('the last word', probe.seen.at(-1), `failed ${code}`)
}

function codeOf(radio: RadioHarness, fault: RadioFault): FaultCodes {
  return radio.codes?.[fault] ?? CODES[fault]
}

function both(code: string): FaultCodes {
  return { scan: code, advertise: code }
}
