import { printing, REDACTED } from '../../crypto/redacted.js'
import { DecodeError, UsageError } from '../../errors.js'
import type { Codec } from './codec.js'
import { expectOnly, malformed, objectOf } from './json.js'

/** One member of a record. */
export interface Field<Value, Whole> {
  readonly codec: Codec<Value>
  /** Its name in files, where that is an older one than the member’s. */
  readonly storedAs?: string
  /** Not shown when the record is printed. */
  readonly isSecret?: boolean
  /** What `holds` asks for, in words that go on from the name of the member and “must”. */
  readonly must?: string
  holds?(value: Value, whole: Whole): boolean
  /** The first version of the file that has the member, and what it is in records of older ones. */
  readonly since?: { readonly version: number; readonly before: Value }
}

/** The members of a kind of record, in the order in which they are written. */
export type Fields<Whole> = { readonly [Member in keyof Whole]-?: Field<Whole[Member], Whole> }

const LATEST = Infinity

type NamedField<Whole> = readonly [member: string & keyof Whole, field: Field<unknown, Whole>]

/** A kind of record: its copies, its JSON, its rules and its prints follow from one table of its members. */
export class RecordTable<Whole extends object> implements Codec<Whole> {
  readonly #fields: readonly NamedField<Whole>[]

  constructor(fields: Fields<Whole>) {
    this.#fields = Object.entries(fields) as unknown as readonly NamedField<Whole>[]
  }

  /** A copy that shares no bytes with the original and prints without its secrets. @throws DecodeError from makers. */
  copy(record: Whole): Whole {
    return this.#build((field, member) => field.codec.copy(record[member]))
  }

  encode(record: Whole): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.#fields.map(([member, field]) => [storedName(member, field), field.codec.encode(record[member])]),
    )
  }

  /** @param version of the file; the latest unless given. */
  decode(json: unknown, what: string, version: number = LATEST): Whole {
    const members = objectOf(json, what)
    const isKept = ({ since }: Field<unknown, Whole>): boolean =>
      since === undefined || since.version <= version
    const kept = this.#fields.filter(([, field]) => isKept(field))
    const names = kept.map(([member, field]) => storedName(member, field))
    expectOnly(members, names, what)
    const record = this.#build((field, member) =>
      isKept(field)
        ? field.codec.decode(members.get(storedName(member, field)), `${what}: ${member}`)
        : field.codec.copy(field.since?.before),
    )
    const fault = this.#fault(record)
    if (fault === undefined) return record
    throw malformed(`${what}: ${fault}`)
  }

  /** A copy of a record that can be written. @throws UsageError `argument-invalid`, which names `what` and the member. */
  checked(record: Whole, what: string): Whole {
    const copy = orInvalid(what, () => this.copy(record))
    const fault = this.#fault(copy)
    if (fault === undefined) return copy
    throw new UsageError('argument-invalid', `${what}: ${fault}`)
  }

  /** Whether all rules hold. */
  accepts(record: Whole): boolean {
    return this.#fault(record) === undefined
  }

  /** Names no values. */
  #fault(record: Whole): string | undefined {
    const broken = this.#fields.find(([member, field]) => field.holds?.(record[member], record) === false)
    return broken && `${broken[0]} must ${broken[1].must ?? 'be otherwise'}`
  }

  #build(value: (field: Field<unknown, Whole>, member: string & keyof Whole) => unknown): Whole {
    const members = this.#fields.map(([member, field]) => [member, value(field, member)] as const)
    const present = members.filter(([, each]) => each !== undefined)
    const record = Object.fromEntries(present) as Whole
    return printing(record, () => this.#print(record))
  }

  #print(record: Whole): Readonly<Record<string, unknown>> {
    const shown = ({ isSecret = false, codec }: Field<unknown, Whole>, value: unknown): unknown =>
      isSecret ? REDACTED : codec.encode(value)
    return Object.fromEntries(this.#fields.map(([member, field]) => [member, shown(field, record[member])]))
  }
}

function storedName(member: string, { storedAs = member }: { readonly storedAs?: string }): string {
  return storedAs
}

function orInvalid<Result>(what: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new UsageError('argument-invalid', `${what}: ${cause.message}`, { cause })
  }
}
