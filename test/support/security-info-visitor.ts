import type { DigitalCredentialOptions } from '../../src/index.js'
import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'
import type { SecurityInfo } from '../../examples/security-info/security-info.js'
import type {
  CeremonyAnswer,
  CeremonyOutcome,
  CeremonyState,
  CeremonyWish,
  PasskeyWish,
} from '../../examples/security-info/wire/ceremony.js'
import type { PhoneState } from '../../examples/security-info/wire/phone.js'
import type { PromptAnswer } from '../../examples/security-info/wire/prompt.js'
import type { PasskeyView } from '../../examples/security-info/wire/site.js'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What the server said. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** JSON, or undefined where there is none. */
  readonly body: unknown
}

/** A person’s account at the site. */
export interface Account {
  readonly userName: string
  readonly displayName: string
  readonly password: string
}

export const ADA: Account = {
  userName: 'ada@example.com',
  displayName: 'Ada Lovelace',
  password: 'analytical engine',
}

/** The program that stands in for the browser of a device. */
type DevicePath = '/laptop' | '/phone'

const APPROVE: PromptAnswer = { deed: 'approve', account: 0 }

/** A browser without pages: cookies, the origin, and what the pages ask the server for. */
export class Visitor {
  readonly #demo: SecurityInfo
  readonly #pages = new Map<string, CeremonyPage>()
  #cookie = ''

  constructor(demo: SecurityInfo) {
    this.#demo = demo
  }

  async ask(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.#demo.url + path, {
      method,
      redirect: 'manual',
      headers: {
        Origin: this.#demo.url,
        Cookie: this.#cookie,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) this.#cookie = set.slice(0, set.indexOf(';'))
    const text = await response.text()
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false
    const json: unknown = isJson ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, body: json }
  }

  /** Like `ask`; throws for what is turned down. */
  async get(method: Method, path: string, body?: unknown): Promise<unknown> {
    const { status, body: answer } = await this.ask(method, path, body)
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }

  phone(isWanted: (state: PhoneState) => boolean = () => true): Promise<PhoneState> {
    return firstOf(`${this.#demo.url}/phone/state`, isWanted)
  }

  /** Shows the second factor: the code that came to the phone. */
  async proveIdentity(): Promise<void> {
    await this.get('POST', '/api/session/code')
    await this.get('PUT', '/api/session/code', { code: await this.codeOnPhone() })
  }

  /** The code in the phone’s text message. */
  async codeOnPhone(): Promise<string> {
    const { message } = await this.phone(state => state.message !== undefined)
    return /\d{6}/.exec(message ?? '')?.[0] ?? ''
  }

  /** Starts a ceremony of a device, and follows it as a page does. */
  async start(wish: CeremonyWish, device: DevicePath = '/laptop'): Promise<string> {
    const { id } = (await this.get('POST', `${device}/ceremonies`, wish)) as { id: string }
    this.#pages.set(id, new CeremonyPage(`${this.#demo.url}${device}/ceremonies/${id}`))
    return id
  }

  /** The first state of a ceremony that is as wanted. */
  laptop(id: string, isWanted: (state: CeremonyState) => boolean): Promise<CeremonyState> {
    return this.#page(id).until(isWanted)
  }

  /** Closes the page, at whatever step its ceremony is. */
  closePage(id: string): void {
    this.#page(id).close()
  }

  #page(id: string): CeremonyPage {
    const page = this.#pages.get(id)
    if (page === undefined) throw new Error(`no page has started ${id}`)
    return page
  }

  async outcome(id: string): Promise<CeremonyOutcome> {
    const { outcome } = await this.laptop(id, state => state.outcome !== undefined)
    if (outcome === undefined) throw new Error('no outcome')
    return outcome
  }

  /** What the device has for the site. */
  async answer(id: string): Promise<CeremonyAnswer> {
    const { answer, outcome } = await this.laptop(id, state => Boolean(state.answer ?? state.outcome))
    if (answer === undefined) throw new Error(`the ceremony failed: ${JSON.stringify(outcome)}`)
    return answer
  }

  /** Tells the device what the site thinks. */
  async judge(id: string, isAccepted: boolean, device: DevicePath = '/laptop'): Promise<void> {
    await this.get('POST', `${device}/ceremonies/${id}/verdict`, { isAccepted })
  }

  /** Gives the answer to the site and the site’s word to the device. @returns what the site said. */
  async handOver(id: string, device: DevicePath = '/laptop'): Promise<Answer> {
    const answer = await this.answer(id)
    const said = await this.ask('POST', receiverOf(answer), answer)
    await this.judge(id, said.status < 400, device)
    return said
  }

  /** Points the phone at the laptop’s screen: reads the picture, and nothing else. */
  async scanScreen(id: string, remember = false): Promise<void> {
    await this.laptop(id, ({ qr }) => qr !== undefined)
    const picture = await fetch(`${this.#demo.url}/laptop/screen`)
    const { text } = await readQrPicture(new Uint8Array(await picture.arrayBuffer()))
    await this.get('POST', '/phone/scan', { text, remember })
  }

  /** Answers the phone’s question. */
  async decide(answer: PromptAnswer = APPROVE): Promise<void> {
    const { prompt } = await this.phone(state => state.prompt !== undefined)
    await this.get('POST', `/phone/prompts/${prompt?.id ?? ''}`, answer)
  }

  /** One ceremony with the phone, up to its user’s decision. @returns the ceremony’s ID. */
  async withPhone(kind: 'create' | 'get', answer: PromptAnswer = APPROVE): Promise<string> {
    const id = await this.start(await this.wish(kind, 'phone'))
    await this.scanScreen(id)
    await this.decide(answer)
    return id
  }

  /** The same, up to the end. @returns what the site said. */
  async throughPhone(kind: 'create' | 'get'): Promise<Answer> {
    const said = await this.handOver(await this.withPhone(kind))
    await this.phone(({ step }) => step === undefined)
    return said
  }

  async wish(kind: 'create' | 'get', device: PasskeyWish['device']): Promise<PasskeyWish> {
    const path = kind === 'create' ? '/api/passkeys/options' : '/api/session/options'
    return { kind, device, options: await this.get('POST', path) } as PasskeyWish
  }

  /** Has the site ask for a student card, up to the scan. @returns the ceremony’s ID. */
  async askForCard(remember = false): Promise<string> {
    const options = (await this.get('POST', '/api/student-card/request')) as DigitalCredentialOptions
    const id = await this.start({ kind: 'digital', device: 'phone', options })
    await this.scanScreen(id, remember)
    return id
  }

  /** Adds a passkey of the phone. */
  async addPasskey(): Promise<PasskeyView> {
    const { status, body } = await this.throughPhone('create')
    if (status >= 400) throw new Error(`the site refuses: ${JSON.stringify(body)}`)
    return body as PasskeyView
  }
}

/** Where the site takes such an answer. */
function receiverOf(answer: CeremonyAnswer): string {
  if ('protocol' in answer) return '/api/student-card'
  return 'attestationObject' in answer.response ? '/api/passkeys' : '/api/session/passkey'
}

/** A page that follows one ceremony until it is closed. */
class CeremonyPage {
  readonly #closed = new AbortController()
  readonly #states: CeremonyState[] = []
  readonly #waiting: (() => void)[] = []
  #isOver = false

  constructor(url: string) {
    void this.#follow(url)
  }

  /** The first state that is as wanted, of all that there were and will be. */
  async until(isWanted: (state: CeremonyState) => boolean): Promise<CeremonyState> {
    const wanted = this.#states.find(isWanted)
    if (wanted !== undefined) return wanted
    if (this.#isOver) throw new Error('the page was closed')
    await new Promise<void>(resolve => this.#waiting.push(resolve))
    return await this.until(isWanted)
  }

  close(): void {
    this.#closed.abort()
  }

  async #follow(url: string): Promise<void> {
    try {
      for await (const state of statesOf<CeremonyState>(url, this.#closed.signal)) {
        this.#states.push(state)
        this.#wake()
      }
    } catch {
      // The page was closed, or the demo was.
    }
    this.#isOver = true
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** The first state that is as wanted. */
async function firstOf<State>(url: string, isWanted: (state: State) => boolean): Promise<State> {
  for await (const state of statesOf<State>(url)) if (isWanted(state)) return state
  throw new Error(`${url} ended`)
}

/** The states that a feed of the demo tells. */
async function* statesOf<State>(url: string, signal: AbortSignal | null = null): AsyncGenerator<State> {
  const response = await fetch(url, { signal })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString('utf8')
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) yield JSON.parse(event.slice('data: '.length)) as State
  }
}
