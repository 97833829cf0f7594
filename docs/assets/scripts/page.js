/* The page that is shown. Themes exchange pages; what one began ends with it. */

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
