import { find } from './element.js'
import { onSubmit, textOf } from './form.js'
import { photographScreen, scanPicture } from './scan-picture.js'

/** The phone’s camera, in three ways. @param found is called with the text of a QR code. */
export function bindScanner(found: (text: string) => Promise<void>, fail: (error: unknown) => void): void {
  const scan = (picture: Promise<Blob>): void => void picture.then(scanPicture).then(found).catch(fail)
  const file = find('#picture', HTMLInputElement)
  find('#scan-screen', HTMLButtonElement).addEventListener('click', () => scan(photographScreen()))
  file.addEventListener('change', () => {
    const [picture] = file.files ?? []
    if (picture !== undefined) scan(Promise.resolve(picture))
    file.value = ''
  })
  bindDrop(find('#drop', HTMLElement), picture => scan(Promise.resolve(picture)))
  const form = find('#paste-form', HTMLFormElement)
  onSubmit(form, async fields => {
    await found(textOf(fields, 'text'))
    form.reset()
  })
}

function bindDrop(place: HTMLElement, dropped: (picture: Blob) => void): void {
  const over = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault()
    place.classList.toggle('over', isOver)
  }
  place.addEventListener('dragover', over(true))
  place.addEventListener('dragleave', over(false))
  place.addEventListener('drop', event => {
    over(false)(event)
    const [picture] = event.dataTransfer?.files ?? []
    if (picture !== undefined) dropped(picture)
  })
}
