import { element } from './element.js'
import { messageOf } from './server.js'

/** Sends a form with our own code: while it is away its button is busy, and what goes wrong stands above that. */
export function onSubmit(form: HTMLFormElement, send: (fields: FormData) => Promise<void>): void {
  const trouble = element('p', { class: 'form-trouble', role: 'alert' })
  form.querySelector('.actions')?.before(trouble)
  form.addEventListener('submit', event => {
    event.preventDefault()
    trouble.replaceChildren()
    setBusy(form, true)
    void send(new FormData(form))
      .catch((error: unknown) => trouble.replaceChildren(messageOf(error)))
      .finally(() => setBusy(form, false))
  })
}

/** Not `disabled`: that would take the focus away. */
function setBusy(form: HTMLFormElement, isBusy: boolean): void {
  const submit = form.querySelector('[type=submit]')
  submit?.setAttribute('aria-disabled', String(isBusy))
}

/** A text of a form. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A labelled text field. */
export function textField(label: string, name: string, value = '', hint?: string): HTMLElement {
  const hintId = `${name}-hint`
  const input = element('input', {
    id: name,
    name,
    value,
    required: true,
    maxlength: '64',
    autocomplete: 'off',
    'aria-describedby': hint && hintId,
  })
  return element(
    'div',
    { class: 'field' },
    element('label', { for: name }, label),
    input,
    hint === undefined ? undefined : element('p', { id: hintId, class: 'hint' }, hint),
  )
}
