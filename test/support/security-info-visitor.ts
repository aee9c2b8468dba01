import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'
import type { SecurityInfo } from '../../examples/security-info/security-info.js'
import type {
  CeremonyOutcome,
  CeremonyState,
  CeremonyWish,
} from '../../examples/security-info/wire/laptop.js'
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

const APPROVE: PromptAnswer = { deed: 'approve', account: 0 }

/** A browser without pages: cookies, the origin, and what the pages ask the server for. */
export class Visitor {
  readonly #demo: SecurityInfo
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

  /** The first state that is as wanted. */
  async #until<State>(path: string, isWanted: (state: State) => boolean): Promise<State> {
    const response = await fetch(this.#demo.url + path)
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8')
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      const states = events.map(event => JSON.parse(event.slice('data: '.length)) as State)
      const wanted = states.find(isWanted)
      if (wanted !== undefined) return wanted
    }
    throw new Error(`${path} ended`)
  }

  phone(isWanted: (state: PhoneState) => boolean = () => true): Promise<PhoneState> {
    return this.#until('/phone/state', isWanted)
  }

  /** Starts a ceremony on the laptop. */
  async start(wish: CeremonyWish): Promise<string> {
    const { id } = (await this.get('POST', '/laptop/ceremonies', wish)) as { id: string }
    return id
  }

  laptop(id: string, isWanted: (state: CeremonyState) => boolean): Promise<CeremonyState> {
    return this.#until(`/laptop/ceremonies/${id}`, isWanted)
  }

  async outcome(id: string): Promise<CeremonyOutcome> {
    const { outcome } = await this.laptop(id, state => state.outcome !== undefined)
    if (outcome === undefined) throw new Error('no outcome')
    return outcome
  }

  /** Points the phone at the laptop’s screen: reads the picture, and nothing else. */
  async scanScreen(id: string): Promise<void> {
    await this.laptop(id, ({ qr }) => qr !== undefined)
    const picture = await fetch(`${this.#demo.url}/laptop/screen`)
    const { text } = await readQrPicture(new Uint8Array(await picture.arrayBuffer()))
    await this.get('POST', '/phone/scan', { text })
  }

  /** Answers the phone’s question. */
  async decide(answer: PromptAnswer): Promise<void> {
    const { prompt } = await this.phone(state => state.prompt !== undefined)
    await this.get('POST', `/phone/prompts/${prompt?.id ?? ''}`, answer)
  }

  /** One ceremony with the phone, up to what the laptop’s page gets. */
  async withPhone(kind: 'create' | 'get', answer: PromptAnswer = APPROVE): Promise<CeremonyOutcome> {
    const id = await this.start(await this.wish(kind, 'phone'))
    await this.scanScreen(id)
    await this.decide(answer)
    const outcome = await this.outcome(id)
    await this.phone(({ step }) => step === undefined)
    return outcome
  }

  async wish(kind: 'create' | 'get', device: CeremonyWish['device']): Promise<CeremonyWish> {
    const path = kind === 'create' ? '/api/passkeys/options' : '/api/session/options'
    return { kind, device, options: await this.get('POST', path) } as CeremonyWish
  }

  /** Adds a passkey of the phone. */
  async addPasskey(): Promise<PasskeyView> {
    return (await this.get(
      'POST',
      '/api/passkeys',
      responseOf(await this.withPhone('create')),
    )) as PasskeyView
  }
}

/** What a ceremony has for the site. */
export function responseOf(outcome: CeremonyOutcome): unknown {
  if ('failure' in outcome) throw new Error(`the ceremony failed: ${JSON.stringify(outcome.failure)}`)
  return outcome.response
}
