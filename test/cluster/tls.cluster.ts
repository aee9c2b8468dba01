import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { inspect } from 'node:util'
import { nkeyAuthenticator, nkeys } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/conform/service/free-port.js'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { someContact } from '../../src/testing/directory/harness.js'
import { useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { namedBlock } from '../support/pages.js'
import { clientOf, phoneOf } from '../support/service-peers.js'
import { hasEngine, runNats, runRedis } from './engines.js'
import type { RunningEngine } from './engines.js'
import { joined } from './joined.js'
import type { Joined } from './joined.js'
import { writeTlsFiles } from './tls-files.js'
import type { TlsFiles } from './tls-files.js'

/* Engines with TLS, and a user who may do no more than the example’s README says. */

const start = useCli()
const USER = 'cable'
const PASSWORD = 'pa55word'
const nkey = nkeys.createUser()
const SECRETS = /pa55word|wr0ng|t0ken/

async function runNatsWithTls(files: TlsFiles): Promise<RunningEngine> {
  const rights = namedBlock('nats-rights').replace('…', PASSWORD)
  const more = rights.replace('users: [', `users: [{ nkey: ${nkey.getPublicKey()} }, `)
  const config = `tls { cert_file: "${files.certFile}", key_file: "${files.keyFile}" }\n${more}`
  return runNats('-c', await files.write('nats.conf', config))
}

async function runRedisWithTls({ certFile, keyFile, caFile }: TlsFiles): Promise<RunningEngine> {
  const port = await freePort()
  const rights = namedBlock('redis-rights').replace('…', PASSWORD).trim().split(/\s+/)
  const tls = `--tls-cert-file ${certFile} --tls-key-file ${keyFile} --tls-ca-cert-file ${caFile} --tls-auth-clients no`
  const options = ['--tls-port', String(port), ...tls.split(' '), '--user', 'default', 'off', ...rights]
  return { ...(await runRedis(...options)), port }
}

const ENGINES = [
  ['NATS', 'nats-server', 'tls', runNatsWithTls, natsDirectory],
  ['Redis', 'redis-server', 'rediss', runRedisWithTls, redisDirectory],
] as const

describe.each(ENGINES.filter(([, program]) => hasEngine(program)))(
  '%s with TLS',
  (_, __, scheme, run, make) => {
    let files: TlsFiles
    let elsewhere: TlsFiles
    let engine: RunningEngine
    let misnamed: RunningEngine
    const members: Joined[] = []

    beforeAll(async () => {
      // The name of this machine is no name of its address.
      files = await writeTlsFiles({ dns: ['localhost'], ips: ['127.0.0.1', '::1'] })
      elsewhere = await writeTlsFiles({ dns: ['localhost'], ips: ['127.0.0.9'] })
      ;[engine, misnamed] = [await run(files), await run(elsewhere)]
    })
    afterAll(async () => {
      for (const { membership } of members) await membership.leave()
      for (const each of [engine, misnamed]) await each.close()
      for (const each of [files, elsewhere]) await each.remove()
    })

    const join = async (
      { port }: RunningEngine,
      ca: string | undefined,
      { password = PASSWORD, host = '127.0.0.1' } = {},
    ): Promise<Joined> => {
      const connection = ca === undefined ? {} : { tls: { ca } }
      const directory = make({ url: `${scheme}://${USER}:${password}@${host}:${port}`, connection })
      const member = await joined(directory)
      expect(inspect([directory, member.membership], { depth: 20, showHidden: true })).not.toMatch(SECRETS)
      members.push(member)
      return member
    }

    it('serves a user with the rights of the README, by address and by name', async () => {
      const [one, other] = [await join(engine, files.ca), await join(engine, files.ca, { host: 'localhost' })]
      one.membership.held(one.contact)
      await one.untilAnswered(other, 'ringing')
      const revoked = someContact()
      other.membership.revoked([revoked])
      await one.heard.until(`revoked ${revoked}`)
      const late = await join(engine, files.ca)
      await late.heard.until(`revoked ${revoked}`)
      for (const { heard } of [one, other, late])
        expect(heard.seen.filter(word => /^(?:down|warned)/.test(word))).toEqual([])
    })

    it('is reached by an address of IPv6', async () => {
      const forwarder = createServer(socket =>
        pipeline(socket, connect(engine.port, '127.0.0.1'), socket, () => undefined),
      )
      await once(forwarder.listen(0, '::1'), 'listening')
      onTestFinished(() => void forwarder.close())
      const { port } = forwarder.address() as AddressInfo
      const [one, other] = [
        await join({ ...engine, port }, files.ca, { host: '[::1]' }),
        await join(engine, files.ca),
      ]
      one.membership.held(one.contact)
      await one.untilAnswered(other, 'ringing')
    })

    it.each([
      [
        'a CA that it does not know',
        () => join(engine, undefined),
        /^down tunnel-untrusted .*\(\w*(?:VERIFY|SIGNED)\w*\)$/,
      ],
      [
        'another CA',
        () => join(engine, elsewhere.ca),
        /^down tunnel-untrusted .*\(\w*(?:VERIFY|SIGNED)\w*\)$/,
      ],
      [
        'a certificate for another address',
        () => join(misnamed, elsewhere.ca),
        /^down tunnel-untrusted .*ALTNAME_INVALID\)$/,
      ],
      [
        'another password',
        () => join(engine, files.ca, { password: 'wr0ng' }),
        /^down tunnel-refused .*(?:WRONGPASS|Authorization)/,
      ],
    ])('with %s the directory is down, once, and says why', async (_case, joining, expected) => {
      const { heard, membership } = await joining()
      await heard.until(expected)
      await membership.leave()
      expect(heard.seen.filter(word => word.startsWith('down'))).toHaveLength(1)
      expect(heard.seen.join()).not.toMatch(SECRETS)
    })

    const serve = async (
      caFile: string | undefined,
    ): Promise<{ process: CliProcess; url: string; metrics: string }> => {
      process.env['NODE_EXTRA_CA_CERTS'] = caFile
      if (caFile === undefined) delete process.env['NODE_EXTRA_CA_CERTS']
      process.env['FIDO_HYBRID_DIRECTORY'] = `${scheme}://${USER}:${PASSWORD}@127.0.0.1:${engine.port}`
      const running = start('tunnel', 'serve', '--port=0', '--metrics-port=0', '--drain-lines=0')
      delete process.env['NODE_EXTRA_CA_CERTS']
      delete process.env['FIDO_HYBRID_DIRECTORY']
      const { url } = await running.event('listening')
      const { url: metrics } = await running.event('metrics')
      return { process: running, url: String(url), metrics: String(metrics) }
    }

    it('is reached by the command with NODE_EXTRA_CA_CERTS; without it that is the cure, and QR codes go on', async () => {
      const trusting = await serve(files.caFile)
      await trusting.process.event('directory-up')
      const other = await serve(undefined)
      expect(await other.process.event('directory-down')).toMatchObject({
        code: 'tunnel-untrusted',
        cure: expect.stringContaining('NODE_EXTRA_CA_CERTS') as unknown,
      })
      const phone = await phoneOf(other)
      const client = await clientOf(other, phone)
      client.socket.send(Buffer.from([1]))
      expect(await phone.next()).toEqual(Buffer.from([1]))
      client.socket.close()
      const told = [await (await fetch(other.metrics)).text()]
      for (const { process: each } of [trusting, other]) {
        each.send('SIGTERM')
        const { events, stderr } = await each.end
        told.push(JSON.stringify(events), stderr)
      }
      expect(told.join()).toContain('fido_hybrid_directory_up 0')
      expect(told.join()).not.toMatch(SECRETS)
    })
  },
)

describe.runIf(hasEngine('nats-server'))('NATS', () => {
  it('takes a key instead of a password', async () => {
    const files = await writeTlsFiles()
    const engine = await runNatsWithTls(files)
    const url = `tls://127.0.0.1:${engine.port}`
    const authenticator = nkeyAuthenticator(nkey.getSeed())
    const { heard, membership } = await joined(
      natsDirectory({ url, connection: { tls: { ca: files.ca }, authenticator } }),
    )
    await heard.until('up')
    await membership.leave()
    await engine.close()
    await files.remove()
  })

  it('takes a token', async () => {
    const engine = await runNats('--auth', 't0ken')
    const [taken, refused] = await Promise.all(
      ['t0ken', 'wr0ng'].map(token =>
        joined(natsDirectory({ url: `nats://${token}@127.0.0.1:${engine.port}` })),
      ),
    )
    await taken?.heard.until('up')
    await refused?.heard.until(/^down tunnel-refused .*Authorization Violation/)
    expect([taken?.heard.seen, refused?.heard.seen].join()).not.toMatch(SECRETS)
    await Promise.all([taken?.membership.leave(), refused?.membership.leave()])
    await engine.close()
  })

  it('whose password is changed is tried until it is changed back, and says so once', async () => {
    const files = await writeTlsFiles()
    const configure = (password: string): Promise<string> =>
      files.write('nats.conf', `authorization { user: ${USER}, password: ${password} }`)
    const engine = await runNats('-c', await configure(PASSWORD))
    const { heard, membership } = await joined(
      natsDirectory({ url: `nats://${USER}:${PASSWORD}@127.0.0.1:${engine.port}` }),
    )
    await heard.until('up')
    await engine.stop()
    await configure('an0ther')
    await engine.start()
    await heard.until(/^warned tunnel-refused .*Authorization Violation/)
    // Its client gives up after two such answers, and after ten attempts, unless it is told not to.
    await new Promise(resolve => setTimeout(resolve, 5000))
    await engine.stop()
    await configure(PASSWORD)
    await engine.start()
    const words = (): readonly string[] => heard.seen.map(word => /^\w+/.exec(word)?.[0] ?? '')
    await expect.poll(words, { timeout: 10_000 }).toEqual(['up', 'down', 'warned', 'up'])
    await membership.leave()
    await engine.close()
    await files.remove()
  })

  it('that denies a right is reported once, without a contact', async () => {
    const engine = await runNats('-c', await (await writeTlsFiles()).write('nats.conf', DENYING))
    const directory = natsDirectory({ url: `nats://${USER}:${PASSWORD}@127.0.0.1:${engine.port}` })
    const { heard, membership, contact } = await joined(directory)
    await heard.until('up')
    for (const each of [contact, someContact()]) membership.held(each)
    await heard.until(/^warned tunnel-refused .*Permissions Violation for Subscription to "fh\.line\.\*"/)
    expect(heard.seen.join()).not.toContain(contact)
    await membership.leave()
    await engine.close()
    expect(heard.seen.filter(word => word.startsWith('warned tunnel-refused'))).toHaveLength(1)
  })
})

const DENYING = `authorization { users: [{ user: ${USER}, password: ${PASSWORD}, permissions: { subscribe: { deny: "fh.line.>" } } }] }`

describe.runIf(hasEngine('redis-server'))('Redis', () => {
  it.each([
    ['-zrange', /^warned tunnel-refused .*NOPERM/, /zrange/i],
    ['-zadd', /^warned tunnel-refused .*NOPERM/, /zadd/i],
    ['-publish', /^warned tunnel-refused .*NOPERM/, /publish/i],
    ['-subscribe', /^down tunnel-refused .*NOPERM/, /subscribe/i],
  ])('that denies a right is told of once: %s', async (denied, word, command) => {
    const engine = await runRedis('--user', USER, 'on', `>${PASSWORD}`, '~*', '&*', '+@all', denied)
    const { heard, membership } = await joined(
      redisDirectory({ url: `redis://${USER}:${PASSWORD}@127.0.0.1:${engine.port}` }),
    )
    membership.held(someContact())
    membership.revoked([someContact()])
    await heard.until(word)
    await new Promise(resolve => setTimeout(resolve, 1200))
    expect(heard.seen.filter(each => word.test(each))).toEqual([expect.stringMatching(command)])
    expect(heard.seen.filter(each => each.startsWith('down'))).toHaveLength(denied === '-subscribe' ? 1 : 0)
    await membership.leave()
    await engine.close()
  })
})
