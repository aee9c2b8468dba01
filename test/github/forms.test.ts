import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'

interface Field {
  readonly type: string
  readonly id?: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly validations?: { readonly required?: boolean }
}

interface Form {
  readonly name: string
  readonly description: string
  readonly labels: readonly string[]
  readonly body: readonly Field[]
}

const FOLDER = '.github/ISSUE_TEMPLATE'
const read = (name: string): unknown => parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))
const names = readdirSync(FOLDER).filter(name => name !== 'config.yml')
const forms = names.map(name => ({
  name,
  form: read(name) as Form,
  text: readFileSync(`${FOLDER}/${name}`, 'utf8'),
}))

/** What a field has to have beside its label, and may have (GitHub Docs, “Syntax for GitHub’s form schema”). */
const ATTRIBUTES: Readonly<Record<string, { needs: readonly string[]; takes: readonly string[] }>> = {
  markdown: { needs: ['value'], takes: [] },
  textarea: { needs: ['label'], takes: ['description', 'placeholder', 'value', 'render'] },
  input: { needs: ['label'], takes: ['description', 'placeholder', 'value'] },
  dropdown: { needs: ['label', 'options'], takes: ['description', 'multiple', 'default'] },
  checkboxes: { needs: ['label', 'options'], takes: ['description'] },
}

describe.each(forms)('the form $name', ({ form }) => {
  it('has a name, a description and fields, and nothing that GitHub does not know', () => {
    const known = ['name', 'description', 'title', 'labels', 'assignees', 'projects', 'type', 'body']
    expect(Object.keys(form).filter(key => !known.includes(key))).toEqual([])
    for (const words of [form.name, form.description]) expect(words).toMatch(/\S/)
    expect(new Set(form.labels).size).toBe(form.labels.length)
    expect(form.body.filter(({ type }) => type !== 'markdown').length).toBeGreaterThan(0)
  })

  it('has fields of the types there are, with what each needs', () => {
    for (const { type, attributes, ...rest } of form.body) {
      const { needs = [], takes = [] } = ATTRIBUTES[type] ?? {}
      expect(Object.keys(ATTRIBUTES)).toContain(type)
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...needs]))
      expect(Object.keys(attributes).filter(key => ![...needs, ...takes].includes(key))).toEqual([])
      expect(Object.keys(rest).filter(key => !['id', 'validations'].includes(key))).toEqual([])
    }
  })

  it('has an id for each question, and a label, that no other has', () => {
    const asked = form.body.filter(({ type }) => type !== 'markdown')
    const [ids, labels] = [asked.map(({ id }) => id), asked.map(({ attributes }) => attributes['label'])]
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]+$/)
    for (const each of [ids, labels]) expect(new Set(each).size).toBe(asked.length)
  })

  it('offers choices that differ', () => {
    for (const { attributes } of form.body) {
      const options = (attributes['options'] ?? []) as readonly (string | { label: string })[]
      const words = options.map(option => (typeof option === 'string' ? option : option.label))
      expect(new Set(words).size).toBe(words.length)
      for (const each of words) expect(each).toMatch(/\S/)
    }
  })

  it('names pages that there are', () => {
    const pages = JSON.stringify(form).match(/[a-zA-Z./-]+\.md/g) ?? []
    for (const page of pages.filter(name => name !== 'trial.md')) expect(existsSync(page), page).toBe(true)
  })
})

test('a bug is reported with what the doctor says and a trace, and without secrets', () => {
  const { form, text } = forms.find(({ name }) => name === 'bug.yml') ?? {}
  const needed = form?.body.filter(({ validations }) => validations?.required === true).map(({ id }) => id)
  expect(needed).toEqual(expect.arrayContaining(['doctor', 'trace']))
  for (const words of [
    'fido-hybrid doctor --json',
    '--trace ',
    '**Do not send a file of `--trace-secrets`**',
  ])
    expect(text).toContain(words)
})

test('other issues may be blank, and no address is made up', () => {
  expect(read('config.yml')).toEqual({ blank_issues_enabled: true })
})
