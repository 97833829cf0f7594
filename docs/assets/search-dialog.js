/* The search dialog: the same for small collections, whose speech is in an index of our own, and for
   large ones, whose speech Pagefind searches. Entries and pages are always in our own index. */

import { element, field } from "./scripts/elements.js"
import { makeIndex, search } from "./scripts/ranking.js"
import { render } from "./scripts/results.js"
import { tr } from "./scripts/texts.js"

const given = window.sicIndex.read
const { speech, pages } = document.querySelector("script[data-speech]").dataset
const ours = speech === "built-in"
/* Browsers refuse requests from a page opened as a file. */
const remote = speech === "pagefind" && location.protocol !== "file:"

const SHOWN = 8
/* Milliseconds without a key before a query is answered. */
const SETTLED = 120
/* Milliseconds of work between two breaks, in which the page answers its reader. */
const SLICE = 12
const [MOST, MOST_CHIPS] = [80, 6]
const TITLES = {
  entries: tr("Entries"),
  said: tr("Said"),
  themes: tr("Then and now"),
  pages: tr("About this site"),
}
const NO_SPEECH = tr(
  "This copy is too large to search all speech. Find (the key t) searches one transcript.",
)

const trCount = (n, ...forms) => tr(forms[+(n !== 1)], { count: n })

const pause = time => new Promise(done => setTimeout(done, time))

/* Queries ------------------------------------------------------------------------------------- */

const makeOurs = async () => {
  const [found, said] = await Promise.all([given("pages"), ours ? given("speech") : []])
  let began = performance.now()
  return makeIndex(found, said, async () => {
    if (performance.now() - began < SLICE) return
    await pause(0)
    began = performance.now()
  })
}
let made
const prepare = async () => {
  const other = remote ? await given("remote", "assets/search-remote.js") : undefined
  other?.prepareRemote().catch(() => {})
  made ??= makeOurs().catch(error => {
    made = undefined
    throw error
  })
  return [await made, other]
}

const answer = async (text, chosen) => {
  const [index, other] = await prepare()
  const found = search(index, text, chosen)
  if (!other) return found
  const { said, speakers, talks } = await other.searchRemote(text, found.terms, index, chosen)
  if (said.length) found.groups.splice(found.named ? 1 : 0, 0, ["said", said])
  return { ...found, speakers, talks }
}

/* The dialog ---------------------------------------------------------------------------------- */

const input = field(tr("Search"))
input.autocapitalize = "off"
input.spellcheck = false
input.enterKeyHint = "search"
const close = element("button", { type: "button", "aria-label": tr("Close") }, "×")
const chips = element("div", { class: "sic-chips" })
const form = element("form", { role: "search" }, input, close, chips)
const count = element("output")
const list = element("div", { class: "sic-results" })
const dialog = element(
  "dialog",
  { class: "sic-search", "aria-label": tr("Search") },
  form,
  count,
  list,
)
if (!ours && !remote) form.after(element("p", { class: "sic-no-speech" }, NO_SPEECH))

const links = () => [...list.querySelectorAll("li > a")]
let asked = 0
const chosen = {}

const chipsOf = (name, label, values) => {
  const shown = [...new Set([chosen[name], ...values].filter(Boolean))].slice(0, MOST_CHIPS)
  if (shown.length < 2 && !chosen[name]) return ""
  return element(
    "div",
    { role: "group", "aria-label": label },
    ...shown.sort().map(value => {
      const chip = element(
        "button",
        { type: "button", "aria-pressed": value === chosen[name] },
        value,
      )
      chip.addEventListener("click", () => {
        chosen[name] = value === chosen[name] ? undefined : value
        ask(value)
      })
      return chip
    }),
  )
}

const section = async (name, found) => {
  const id = `sic-of-${name}`
  const items = element("ol", { "aria-labelledby": id })
  const more = element("button", { type: "button" }, tr("More results"))
  const append = async () => {
    const from = items.children.length
    const results = await Promise.all(found.slice(from, from + SHOWN).map(present => present()))
    const rendered = results.map(result => render(result, pages === "files"))
    items.append(...rendered)
    more.hidden = items.children.length >= found.length
    return rendered
  }
  more.addEventListener("click", async () => (await append())[0].querySelector("a").focus())
  await append()
  return element("section", {}, element("h2", { id }, TITLES[name]), items, more)
}

const say = (message, ...sections) => {
  const held = links().indexOf(document.activeElement)
  count.textContent = message
  list.replaceChildren(...sections)
  list.scrollTop = 0
  links()[held]?.focus()
}

/* `pressed` is the chip that keeps the focus. */
const ask = async pressed => {
  const turn = ++asked
  const text = input.value
  if (!text.trim()) {
    chips.replaceChildren()
    return say("")
  }
  try {
    const [found] = await Promise.all([answer(text, chosen), pressed || pause(SETTLED)])
    if (turn !== asked) return
    const sections = await Promise.all(found.groups.map(group => section(...group)))
    if (turn !== asked) return
    const number = found.groups.reduce((total, [, of]) => total + of.length, 0)
    chips.replaceChildren(
      chipsOf("speaker", tr("Speaker"), found.speakers),
      chipsOf("talk", tr("Talk"), found.talks),
    )
    if (pressed)
      [...chips.querySelectorAll("button")].find(chip => chip.textContent === pressed)?.focus()
    say(
      number > MOST
        ? tr("More than {most} results", { most: MOST })
        : number
          ? trCount(number, "{count} result", "{count} results")
          : tr("Nothing found"),
      ...sections,
    )
  } catch {
    if (turn === asked) say(tr("Cannot be reached; try again"))
  }
}

const show = () => {
  if (dialog.open) return
  if (!dialog.isConnected) document.body.append(dialog)
  dialog.showModal()
  input.select()
  prepare().catch(() => {})
}

input.addEventListener("input", () => ask())
form.addEventListener("submit", event => {
  event.preventDefault()
  links()[0]?.click()
})
close.addEventListener("click", () => dialog.close())
dialog.addEventListener("click", event => {
  if (event.target === dialog || event.target.closest("li a")) dialog.close()
})
dialog.addEventListener("keydown", event => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!by || event.isComposing) return
  event.preventDefault()
  const stops = [input, ...links()]
  const here = stops.indexOf(document.activeElement)
  stops[Math.min(Math.max(here + by, 0), stops.length - 1)].focus()
})
document.addEventListener("sic-search", show)
