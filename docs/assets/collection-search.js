/* The search box of a large collection: it queries Pagefind, which requests files of this site only,
   and replaces the search of either theme. Text of pages is inserted as text, never as HTML. */

import { element } from "./scripts/elements.js"
import { isTyping } from "./scripts/typing.js"
import { land } from "./scripts/landing.js"
import { render } from "./scripts/results.js"

const base = new URL("../", document.currentScript.src)
/* Browsers refuse requests from a page opened as a file. */
const files = location.protocol === "file:"

const SHOWN = 10
const SETTLED = 250
const FILTERS = { speaker: "Speaker", transcript: "Transcript", year: "Year" }

const pause = time => new Promise(done => setTimeout(done, time))

/* Queries ------------------------------------------------------------------------------------- */

const open = async () => {
  const folder = new URL("pagefind/", base).pathname
  const pagefind = await import(`${folder}pagefind.js`)
  await pagefind.options({ basePath: folder, ranking: { metaWeights: { title: 5, chapters: 1 } } })
  await pagefind.init()
  return { pagefind, folder }
}
let opened
const opening = () => (opened ??= open())

/* The dialog ---------------------------------------------------------------------------------- */

const input = element("input", {
  type: "text",
  "aria-label": "Search",
  placeholder: "Search",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
  enterkeyhint: "search",
})
const count = element("output")
const list = element("ol")
const further = element("button", { type: "button", hidden: "" }, "More results")
const selects = Object.entries(FILTERS).map(([name, label]) =>
  element("select", { name, "aria-label": label }, new Option(`${label}: all`, "")),
)
const filters = element(
  "details",
  {},
  element("summary", {}, "Filter"),
  element("div", {}, ...selects),
)
const close = element(
  "button",
  { type: "button", "aria-label": "Close", title: "Close (Escape)" },
  "×",
)
const form = element("form", { role: "search" }, input, close, filters)
const dialog = element("dialog", { class: "sic-search", "aria-label": "Search" })
const NO_FILES =
  "This copy is too large to be searched from files. Each transcript can be searched in itself (the key t, or the button Find), and the site on the web as a whole."
if (files)
  dialog.append(
    element(
      "form",
      { method: "dialog" },
      element("p", {}, NO_FILES),
      element("button", {}, "Close"),
    ),
  )
else dialog.append(form, element("div", { class: "sic-results" }, count, list, further))

let asked = 0
let results = []

const load = async from =>
  (await Promise.all(results.slice(from, from + SHOWN).map(result => result.data()))).map(render)
const append = rendered => {
  list.append(...rendered)
  further.hidden = list.children.length >= results.length
}
const clear = message => {
  list.replaceChildren()
  further.hidden = true
  count.textContent = message
}
const ask = async () => {
  const turn = ++asked
  const words = input.value.trim()
  if (words.length < 2) return clear("")
  const chosen = Object.fromEntries(
    selects.filter(({ value }) => value).map(({ name, value }) => [name, [value]]),
  )
  try {
    const [{ pagefind }] = await Promise.all([opening(), pause(SETTLED)])
    if (turn !== asked) return
    const found = await pagefind.search(words, { filters: chosen })
    if (turn !== asked) return
    results = found.results
    const rendered = await load(0)
    if (turn !== asked) return
    const number = results.length
    clear(
      number
        ? `${number.toLocaleString("en")} ${number === 1 ? "result" : "results"}`
        : "Nothing found",
    )
    append(rendered)
  } catch {
    opened = undefined
    if (turn === asked) clear("The search cannot be reached; try again")
  }
}

const fill = async () => {
  if (!filters.open || selects[0].length > 1) return
  const { folder } = await opening()
  const values = await (await fetch(`${folder}filters.json`)).json()
  for (const select of selects) {
    const all = values[select.name].sort((a, b) => a.localeCompare(b))
    if (select.name === "year") all.reverse()
    select.append(...all.map(value => new Option(value, value)))
  }
}

const links = () => [...list.querySelectorAll("li > a")]
const move = by => {
  const stops = [input, ...links()]
  const here = stops.indexOf(document.activeElement)
  stops[Math.min(Math.max(here + by, 0), stops.length - 1)].focus()
}
const show = () => {
  if (dialog.open) return
  if (!dialog.isConnected) document.body.append(dialog)
  dialog.showModal()
  if (files) return
  input.select()
  opening().catch(() => {})
}

input.addEventListener("input", ask)
filters.addEventListener("toggle", () => fill().catch(() => {}))
filters.addEventListener("change", ask)
form.addEventListener("submit", event => {
  event.preventDefault()
  links()[0]?.click()
})
further.addEventListener("click", async () => {
  const [turn, from] = [asked, list.children.length]
  const rendered = await load(from)
  if (turn !== asked || list.children.length > from) return
  append(rendered)
  rendered[0].querySelector("a").focus()
})
close.addEventListener("click", () => dialog.close())
dialog.addEventListener("click", event => {
  if (event.target === dialog || event.target.closest("li a")) dialog.close()
})
dialog.addEventListener("keydown", event => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!by || event.target.matches("select") || event.isComposing) return
  event.preventDefault()
  move(by)
})

document.addEventListener("keydown", event => {
  if (
    !["/", "s", "f"].includes(event.key) ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing
  )
    return
  const target = event.composedPath()[0]
  const typing = isTyping(target)
  /* Until the next frame, keys still go to the closed dialog. */
  if (dialog.open || (typing && !dialog.contains(target))) return
  event.preventDefault()
  show()
})

const ICON =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 3A6.5 6.5 0 0 1 16 9.5c0 1.61-.59 3.09-1.56 4.23l.27.27h.79l5 5-1.5 1.5-5-5v-.79l-.27-.27A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9"/></svg>'
const opener = element(
  "button",
  { type: "button", class: "sic-search-open", title: "Search (/)" },
  element("span", {}, "Search"),
)
opener.insertAdjacentHTML("afterbegin", ICON)
opener.addEventListener("click", show)
const header = document.querySelector(".md-header__inner")
header?.insertBefore(opener, header.querySelector(".md-header__source"))

if (typeof document$ === "undefined") land()
else document$.subscribe(land)
