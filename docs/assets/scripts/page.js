/* The current page. Themes replace pages without a reload: listeners end with their page. */

export let page = new AbortController()
export let article

export const begin = () => {
  page.abort()
  page = new AbortController()
  article = document.querySelector("article")
}

export const on = (target, name, act) => target.addEventListener(name, act, { signal: page.signal })

export const all = (selector, root = article) => [...root.querySelectorAll(selector)]

export const canonical = () => document.querySelector("link[rel=canonical]")?.href
