import { openFileLinkStore } from '../../adapters/stores/file-link-store.js'
import { badUsage } from '../failure.js'
import { chooseScanner } from '../options/proximity.js'
import { readTunnelOptions } from '../options/tunnel.js'
import { examine } from './examination.js'
import { LaptopDesk } from './laptop-desk.js'
import { LAPTOP_STEPS } from './laptop-steps.js'
import { TrialLaptop } from './laptop.js'
import { readWait } from './options.js'
import { radioKind } from './role-plan.js'
import type { RolePlan } from './role-plan.js'
import { GO_ON_QUESTION } from './runner.js'

/** This machine is the laptop, and meets a real phone. */
export const LAPTOP_PLAN: RolePlan<LaptopDesk> = {
  role: 'laptop',
  steps: LAPTOP_STEPS,
  prepare: async ({ options, output, surroundings }) => {
    const scan = options.requiredText('scan')
    if (scan === 'stdin') throw badUsage('--scan stdin: the trial itself reads stdin')
    const tunnel = await readTunnelOptions(options, surroundings)
    const waitMs = readWait(options)
    const scanner = chooseScanner(scan, surroundings.stdin)
    const client = {
      ...surroundings.platform({ tunnel: tunnel.dialer, scanner }),
      tunnelUrl: tunnel.tunnelUrl,
      allowUnprovenProximity: options.flag('allowUnprovenProximity'),
      preconnect: true,
    }
    return {
      radio: radioKind(scan),
      origin: undefined,
      close: () => Promise.resolve(),
      open: async ({ party, folder, person, signal }) =>
        new LaptopDesk({
          laptop: new TrialLaptop({
            output,
            origin: party.rp.origin,
            client,
            timeouts: tunnel.timeouts,
            waitMs,
          }),
          party,
          links: await openFileLinkStore(folder.privateFile('links.json')),
          examine: () => examine('client', { surroundings, output, tunnel, scan, advertise: 'auto' }),
          pause: async () => {
            await person.ask(GO_ON_QUESTION, '', signal)
          },
        }),
    }
  },
}
