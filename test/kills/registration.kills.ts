import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import { createRelyingParty } from '../../src/testing.js'
import { buildCli, cliIn } from '../support/cli.js'
import { removeFolder } from '../support/temporary-folder.js'
import { WatchedProcess } from './watched-process.js'
import { KilledRegistration, VICTIMS } from './killed-registration.js'
import type { Aftermath, Kill, Scene } from './killed-registration.js'
import { Tally } from './tally.js'

const KILLS = Number(process.env['KILLS'] ?? 200)
const KILLS_AGAIN = Math.ceil(KILLS / 2)
const SEED = Number(process.env['KILLS_SEED'] ?? 4)
/** As many registrations at once as small machines have processors. */
const SCENES = 2

const folder = fileURLToPath(
  new URL(`../../node_modules/.cache/fido-hybrid-kills-${process.pid}`, import.meta.url),
)
const closing: (() => Promise<unknown>)[] = []

/** With the larger packages inside: most of the time goes into the starts of processes. */
const QUICK_TO_START = {
  noExternal: [/^@noble/, 'cbor-x', 'commander', 'tldts'],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
  },
}

beforeAll(() => buildCli(folder, QUICK_TO_START))
afterAll(async () => {
  for (const close of closing) await close()
  await removeFolder(folder)
})

async function setScene(): Promise<Scene> {
  const air = await serveAirHub({ port: 0 })
  const rp = await createRelyingParty({ origin: 'https://example.com' })
  const cli = cliIn(folder)
  let tunnel: Promise<WatchedProcess> | undefined
  closing.push(
    () => air.close(),
    async () => void (await tunnel)?.kill(),
  )
  return {
    cli,
    rp,
    airUrl: air.url,
    tunnel: () =>
      (tunnel ??= new Promise((resolve, reject) => {
        const process = new WatchedProcess(cli, ['tunnel', 'serve', '--port', '0'], ({ event }) => {
          if (event === 'listening') resolve(process)
        })
        void process.ended.then(() => {
          tunnel = undefined
          reject(new Error(`no tunnel service: ${process.notes}`))
        })
      })),
  }
}

type Left = 'nothing' | 'unconfirmed' | 'confirmed'

/** What `src/README.md` promises of new passkeys, after any kill. */
async function judge({ victim }: Kill, aftermath: Aftermath, { rp }: Scene): Promise<Left> {
  const { list, passkeys, files, told, response } = aftermath
  const hasTold = (event: string): boolean => told.some(line => line.event === event)
  expect(list).toMatchObject({ code: 0 })
  expect(passkeys.length).toBeLessThanOrEqual(1)
  expect(files).toEqual(passkeys.length === 0 ? [] : ['passkeys.json'])
  const [passkey] = passkeys
  // Whoever told of a passkey has kept it, and nobody else’s is known to a relying party.
  if (response !== undefined || hasTold('registered')) expect(passkey).toBeDefined()
  if (response !== undefined) expect((await rp.register(response)).id).toBe(passkey?.['credentialId'])
  if (passkey === undefined) return 'nothing'
  if (passkey['confirmed'] === true) {
    expect(response).toBeDefined()
    return 'confirmed'
  }
  if (victim !== 'phone') expect(hasTold('unconfirmed')).toBe(true)
  return 'unconfirmed'
}

test(`${KILLS} registrations that are killed anywhere leave no passkey that is unknown to user and relying party`, async () => {
  const scenes = await Promise.all(Array.from({ length: SCENES }, setScene))
  const { steps } = await registerUndisturbed(scenes[0])
  const kills = fc.sample(
    fc.record({
      victim: fc.constantFrom(...VICTIMS),
      after: fc.nat({ max: steps - 1 }),
      profile: fc.constantFrom('generic' as const, 'ios' as const),
    }),
    { numRuns: KILLS, seed: SEED },
  )
  const [stages, ends] = [new Tally(), new Tally()]
  const waiting = kills.values()
  const failures: string[] = []
  const killNext = async (scene: Scene): Promise<void> => {
    for (const kill of waiting) {
      const aftermath = await killInTime(scene, kill)
      stages.add(aftermath.stage ?? '', kill.victim)
      try {
        ends.add(kill.victim, await judge(kill, aftermath, scene))
      } catch (error) {
        failures.push(`${String(error)}\n${JSON.stringify({ ...kill, ...aftermath })}`)
      }
    }
  }
  await Promise.all(scenes.map(killNext))
  process.stdout.write(
    `${KILLS} kills (KILLS_SEED=${SEED}). What the phone had last told when the kill of … came:\n${stages.text()}` +
      `What was left after the kill of …:\n${ends.text()}`,
  )
  expect(failures.join('\n\n')).toBe('')
  // The kills were spread so that each of the three ends was met.
  for (const left of ['nothing', 'unconfirmed', 'confirmed'])
    expect(ends.total(left)).toBeGreaterThan(KILLS / 20)
})

/** No two registrations have quite as many steps. */
async function killInTime(scene: Scene, kill: Kill): Promise<Aftermath> {
  const aftermath = await KilledRegistration.run(scene, kill)
  return aftermath.stage === undefined ? killInTime(scene, { ...kill, after: kill.after - 1 }) : aftermath
}

async function registerUndisturbed(scene: Scene | undefined): Promise<Aftermath> {
  if (scene === undefined) throw new Error('there is no scene')
  const nobody: Kill = { victim: 'tunnel', after: Infinity, profile: 'generic' }
  const aftermath = await KilledRegistration.run(scene, nobody)
  expect(await judge(nobody, aftermath, scene)).toBe('confirmed')
  return aftermath
}

/** One account, and never a list of passkeys to exclude: each registration replaces the passkey of the one before. */
const SAME_ACCOUNT = { userID: Uint8Array.of(1, 2, 3) }

/** Once an account has a passkey that works, it has one after any kill. @returns what its next registration left. */
function judgeAgain(old: string, { list, passkeys, files, response }: Aftermath): 'old' | 'both' | 'new' {
  expect(list).toMatchObject({ code: 0 })
  expect(files).toEqual(['passkeys.json'])
  const marks = passkeys.map(({ credentialId, confirmed }) => [credentialId === old, confirmed])
  if (marks.length === 1 && marks[0]?.[0] === false) {
    expect([marks, response !== undefined]).toEqual([[[false, true]], true])
    return 'new'
  }
  expect([
    [[true, true]],
    [
      [true, true],
      [false, false],
    ],
  ]).toContainEqual(marks)
  return marks.length === 1 ? 'old' : 'both'
}

test(`${KILLS_AGAIN} accounts that register again, killed anywhere, keep a passkey that works`, async () => {
  const scenes = await Promise.all(
    Array.from({ length: SCENES }, async () => {
      const scene = { ...(await setScene()), wishes: SAME_ACCOUNT }
      const { store, passkeys } = await registerUndisturbed(scene)
      return {
        scene: { ...scene, ...(store && { passkeys: store }) },
        old: String(passkeys[0]?.['credentialId']),
      }
    }),
  )
  const [first] = scenes
  if (first === undefined) throw new Error('there is no scene')
  const nobody: Kill = { victim: 'tunnel', after: Infinity, profile: 'generic' }
  const undisturbed = await KilledRegistration.run(first.scene, nobody)
  expect(judgeAgain(first.old, undisturbed)).toBe('new')
  const kills = fc.sample(
    fc.record({
      victim: fc.constantFrom(...VICTIMS),
      after: fc.nat({ max: undisturbed.steps - 1 }),
      profile: fc.constantFrom('generic' as const, 'ios' as const),
    }),
    { numRuns: KILLS_AGAIN, seed: SEED },
  )
  const ends = new Tally()
  const waiting = kills.values()
  const failures: string[] = []
  const killNext = async ({ scene, old }: (typeof scenes)[number]): Promise<void> => {
    for (const kill of waiting) {
      const aftermath = await killInTime(scene, kill)
      try {
        ends.add(kill.victim, judgeAgain(old, aftermath))
      } catch (error) {
        failures.push(`${String(error)}\n${JSON.stringify({ ...kill, ...aftermath, store: undefined })}`)
      }
    }
  }
  await Promise.all(scenes.map(killNext))
  process.stdout.write(
    `What was left of ${KILLS_AGAIN} second registrations after the kill of …:\n${ends.text()}`,
  )
  expect(failures.join('\n\n')).toBe('')
  for (const left of ['old', 'both', 'new']) expect(ends.total(left)).toBeGreaterThan(KILLS_AGAIN / 20)
})
