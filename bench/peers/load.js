/** Loads a package as this folder sees it; `./…` is a file in here. */
export const load = name => import(name.startsWith('./') ? new URL(name, import.meta.url).href : name)
