import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import express from 'express'
import { Accounts } from './accounts.js'

const app = express()
const server = app.listen(Number(process.env['PORT'] ?? 0), 'localhost')
await once(server, 'listening')
const origin = `http://localhost:${(server.address() as AddressInfo).port}`
const accounts = new Accounts(origin)

app.get('/', (_request, response) => response.sendFile(fileURLToPath(new URL('page.html', import.meta.url))))
// The library in one file; `import` finds another of the same package.
app.get('/simplewebauthn.js', (_request, response) => {
  const entry = fileURLToPath(import.meta.resolve('@simplewebauthn/browser'))
  response.sendFile(entry.replace(/esm[/\\]index\.js$/, 'dist/bundle/index.umd.min.js'))
})
app.use(express.json())
app.post('/registration/options', async (request, response) => {
  response.json(await accounts.creationOptions(request.body as { userName: string }))
})
app.post('/registration', async (request, response) => {
  response.json(await accounts.register(request.body as RegistrationResponseJSON))
})
app.post('/sign-in/options', async (_request, response) => {
  response.json(await accounts.requestOptions())
})
app.post('/sign-in', async (request, response) => {
  response.json(await accounts.signIn(request.body as AuthenticationResponseJSON))
})
process.stdout.write(`listening at ${origin}\n`)
