/** The device that shows this page. */
export interface ThisDevice {
  readonly isPhone: boolean
  /** Where its own program answers: what the browser is in real life. */
  readonly path: '/laptop' | '/phone'
  /** As people call it. */
  readonly name: string
}

const KEY = 'device'

/** The phone’s browser is a tab that was opened with `?on=phone`, and stays one. */
function isOnPhone(): boolean {
  if (new URLSearchParams(location.search).get('on') === 'phone') sessionStorage.setItem(KEY, 'phone')
  return sessionStorage.getItem(KEY) === 'phone'
}

export const THIS_DEVICE: ThisDevice = isOnPhone()
  ? { isPhone: true, path: '/phone', name: 'This phone' }
  : { isPhone: false, path: '/laptop', name: 'This computer' }
