import { useData } from 'vitepress'
import type { Router, Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { watchEffect } from 'vue'
import DecodePage from './DecodePage.vue'
import { withRanking } from './search.js'
import './style.css'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app, router, siteData }) {
    siteData.value = withRanking(siteData.value)
    app.component('DecodePage', DecodePage)
    reloadWhenStale(router)
  },
  setup: markMain,
}

export default theme

/**
 * A link of the site is never dead. One that finds nothing is older than the site, which has been built anew since: the browser
 * loads the page as a whole.
 */
function reloadWhenStale(router: Router): void {
  let isFirst = true
  router.onAfterRouteChange = to => {
    if (!isFirst && router.route.data.isNotFound) location.assign(to)
    isFirst = false
  }
}

/** The default theme has no main landmark in the home page, nor in that for missing pages; `built-page.ts` does the same to built pages. */
function markMain(): void {
  const { frontmatter, page } = useData()
  watchEffect(
    () => {
      const content = typeof document === 'undefined' ? null : document.getElementById('VPContent')
      if (page.value.isNotFound || frontmatter.value['layout'] === 'home')
        content?.setAttribute('role', 'main')
      else content?.removeAttribute('role')
    },
    { flush: 'post' },
  )
}
