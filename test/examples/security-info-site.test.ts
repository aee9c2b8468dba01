import { request } from 'node:http'
import { stat } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { Attempts } from '../../examples/security-info/relying-party/attempts.js'
import { startSecurityInfo } from '../../examples/security-info/security-info.js'
import type { SecurityInfo } from '../../examples/security-info/security-info.js'
import { Program } from '../support/program.js'
import { ADA, Visitor } from '../support/security-info-visitor.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

const MAIN = 'examples/security-info/main.ts'
const running: SecurityInfo[] = []

afterEach(async () => {
  for (const demo of running.splice(0)) await demo.close()
})

async function start(folder?: string): Promise<SecurityInfo> {
  const demo = await startSecurityInfo({ port: 0, folder })
  running.push(demo)
  return demo
}

const problem = (code: string): object => ({ error: expect.objectContaining({ code }) as unknown })

test('pages come with a strict policy, and signed-out users get the sign-in page', async () => {
  const visitor = new Visitor(await start())
  for (const path of ['/sign-in', '/phone', '/site.css', '/sign-in.js', '/icon.svg']) {
    const { status, headers } = await visitor.ask('GET', path)
    expect({ path, status }).toEqual({ path, status: 200 })
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  }
  for (const path of ['/security-info', '/settings']) {
    const { status, headers } = await visitor.ask('GET', path)
    expect({ status, to: headers.get('Location') }).toEqual({ status: 302, to: '/sign-in' })
  }
  expect(await visitor.ask('GET', '/nowhere')).toMatchObject({ status: 404, body: problem('not-found') })
})

test('the session’s cookie is read by no script and sent by no other site', async () => {
  const { headers } = await new Visitor(await start()).ask('POST', '/api/account', ADA)
  expect(headers.get('Set-Cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
})

test('other sites change nothing', async () => {
  const visitor = new Visitor(await start())
  for (const Origin of ['https://evil.example', 'null', 'http://localhost:1'])
    expect(await visitor.ask('POST', '/api/account', ADA, { Origin })).toMatchObject({
      status: 403,
      body: problem('cross-site'),
    })
  const simple = await visitor.ask('POST', '/api/account', JSON.stringify(ADA), {
    'Content-Type': 'text/plain',
  })
  expect(simple).toMatchObject({ status: 400, body: problem('malformed') })
  const elsewhere = { rpId: 'example.com', credentialId: 'AAAA' }
  expect((await visitor.ask('POST', '/laptop/signals/unknown-credential', elsewhere)).status).toBe(400)
})

/** fetch chooses the host itself. */
function statusFor(
  url: string,
  host: string,
): Promise<{ status: number | undefined; to: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(`${url}/sign-in?x=1`, { headers: { host } }, response => {
      response.resume()
      resolve({ status: response.statusCode, to: response.headers.location })
    })
      .on('error', reject)
      .end()
  })
}

test('other names for this machine lead nowhere, its address leads to its name', async () => {
  const { url } = await start()
  const { port } = new URL(url)
  expect(await statusFor(url, `evil.example:${port}`)).toEqual({ status: 421, to: undefined })
  expect(await statusFor(url, `127.0.0.1:${port}`)).toEqual({ status: 302, to: `${url}/sign-in` })
})

test('bodies are read strictly and within limits', async () => {
  const visitor = new Visitor(await start())
  const wrong: unknown[] = [
    '{"userName":',
    '[]',
    {},
    { ...ADA, userName: 5 },
    { ...ADA, displayName: '' },
    { ...ADA, userName: 'a'.repeat(257) },
  ]
  for (const body of wrong)
    expect(await visitor.ask('POST', '/api/account', body)).toMatchObject({
      status: 400,
      body: problem('malformed'),
    })
  expect((await visitor.ask('POST', '/api/account', { ...ADA, password: 'short' })).body).toMatchObject(
    problem('password-short'),
  )
  const large = { ...ADA, displayName: 'a'.repeat(70_000) }
  expect(await visitor.ask('POST', '/api/account', large)).toMatchObject({
    status: 413,
    body: problem('too-large'),
  })
})

test('a user name is taken once, whatever its case, and a wrong password says nothing about it', async () => {
  const visitor = new Visitor(await start())
  await visitor.get('POST', '/api/account', ADA)
  const again = { ...ADA, userName: 'ADA@example.com' }
  expect(await visitor.ask('POST', '/api/account', again)).toMatchObject({ status: 409 })
  const { userName } = ADA
  const wrong = await visitor.ask('POST', '/api/session', { userName, password: 'difference engine' })
  const unknown = await visitor.ask('POST', '/api/session', {
    userName: 'eve',
    password: 'difference engine',
  })
  expect(wrong).toMatchObject({ status: 401, body: problem('sign-in-refused') })
  expect(unknown.body).toEqual(wrong.body)
  expect((await visitor.ask('POST', '/api/session', ADA)).status).toBe(200)
})

test('a passkey is added only after a second factor, whose code is good once', async () => {
  const ada = new Visitor(await start())
  await ada.get('POST', '/api/account', ADA)
  const add = async (): Promise<number> => (await ada.ask('POST', '/api/passkeys/options')).status
  expect((await ada.ask('POST', '/api/passkeys/options')).body).toMatchObject(problem('second-factor-needed'))
  expect(await ada.get('GET', '/api/session')).toEqual({ isProven: false })
  const early = await ada.ask('PUT', '/api/session/code', { code: '000000' })
  expect(early).toMatchObject({ status: 400, body: problem('code-wrong') })

  await ada.get('POST', '/api/session/code')
  const code = await ada.codeOnPhone()
  const wrong = code === '123456' ? '123457' : '123456'
  expect((await ada.ask('PUT', '/api/session/code', { code: wrong })).status).toBe(400)
  expect(await add()).toBe(403)
  await ada.get('PUT', '/api/session/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })
  expect(await add()).toBe(200)
  expect(await ada.get('GET', '/api/session')).toEqual({ isProven: true })
  expect((await ada.ask('PUT', '/api/session/code', { code })).status).toBe(400)

  await ada.get('DELETE', '/api/session')
  await ada.get('POST', '/api/session', ADA)
  expect(await add()).toBe(403)
})

test('guessing a code is slowed down as well', async () => {
  const ada = new Visitor(await start())
  await ada.get('POST', '/api/account', ADA)
  for (let count = 0; count < 10; count++) await ada.ask('PUT', '/api/session/code', { code: '0' })
  await ada.get('POST', '/api/session/code')
  const code = await ada.codeOnPhone()
  expect((await ada.ask('PUT', '/api/session/code', { code })).status).toBe(429)
})

test('a sign-in with a passkey is two factors', async () => {
  const ada = new Visitor(await start())
  await ada.get('POST', '/api/account', ADA)
  await ada.proveIdentity()
  await ada.addPasskey()
  await ada.get('DELETE', '/api/session')
  expect((await ada.throughPhone('get')).status).toBe(200)
  expect(await ada.get('GET', '/api/session')).toEqual({ isProven: true })
})

test('guessing has to wait', () => {
  let now = 0
  const attempts = new Attempts(() => now)
  for (let count = 0; count < 10; count++) {
    attempts.assertAllowed('ada')
    attempts.noteFailure('ADA')
  }
  expect(() => attempts.assertAllowed('ada')).toThrow(expect.objectContaining({ status: 429 }) as Error)
  attempts.assertAllowed('eve')
  now = 5 * 60_000
  attempts.assertAllowed('ada')
})

test('with a folder, accounts and passkeys stay', async () => {
  const folder = await TemporaryFolder.create()
  try {
    const before = await startSecurityInfo({ port: 0, folder: folder.path })
    const { port } = new URL(before.url)
    const ada = new Visitor(before)
    await ada.get('POST', '/api/account', ADA)
    await ada.proveIdentity()
    const { id } = await ada.addPasskey()
    await before.close()
    expect(await folder.names()).toEqual(expect.arrayContaining(['passkeys-android.json', 'site.sqlite']))
    expect((await stat(folder.at('passkeys-android.json'))).mode & 0o077).toBe(0)

    running.push(await startSecurityInfo({ port: Number(port), folder: folder.path }))
    const later = new Visitor(running[0] ?? before)
    expect((await later.throughPhone('get')).status).toBe(200)
    expect(await later.get('GET', '/api/account')).toMatchObject({ passkeys: [{ id }] })
  } finally {
    await Promise.all(running.splice(0).map(demo => demo.close()))
    await folder.remove()
  }
})

test('a port that is taken: it does not start, and nothing of it stays', async () => {
  const { url } = await start()
  const port = Number(new URL(url).port)
  await expect(startSecurityInfo({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('as a program: says where it is, and Ctrl-C ends it with 0', async () => {
  const program = new Program(MAIN, { args: ['--port', '0', '--json'] })
  const [line = ''] = (await program.until(stdout => stdout.includes('\n'))).split('\n')
  const told = JSON.parse(line) as { event: string; url: string; phoneUrl: string }
  expect(told).toMatchObject({ event: 'listening', phoneUrl: `${told.url}/phone` })
  expect((await fetch(told.phoneUrl)).status).toBe(200)
  program.interrupt()
  expect(await program.ending()).toMatchObject({ code: 0, signal: null, stderr: '' })
})

test('help and bad usage', async () => {
  const [help, misused] = await Promise.all([
    new Program(MAIN, { args: ['--help'] }).ending(),
    new Program(MAIN, { args: ['--port', 'x'] }).ending(),
  ])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--data')
  expect(misused).toMatchObject({ code: 2, stdout: '' })
  expect(misused.stderr).toContain('--port takes a number')
})
