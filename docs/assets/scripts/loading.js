/* Scripts that are loaded when they are needed; browsers allow that for pages opened as files too. */

import { element } from "./elements.js"

/* The top of the site, above the folder of the script that runs. */
const base = new URL("../", document.currentScript.src)

const atTop = path => new URL(path, base)

const loading = {}

/* Loads a script or a style sheet once. */
export const load = path =>
  (loading[path] ??= new Promise((resolve, reject) => {
    const made = path.endsWith(".css")
      ? element("link", { rel: "stylesheet", href: atTop(path) })
      : element("script", { src: atTop(path) })
    made.onload = resolve
    made.onerror = () => {
      delete loading[path]
      reject(new Error(path))
    }
    document.head.append(made)
  }))

/* What other scripts hand over, by name: the indexes of the build, and the script for Pagefind. */
const given = {}
window.sicIndex = (name, value) => (given[name] = value)
Object.assign(window.sicIndex, {
  atTop,
  read: async (name, path = `search/${name}.js`) => {
    await load(path)
    return given[name]
  },
})
