/* The filter of a glossary: by text, kind and letter. */

import { button } from "./controls.js"
import { element, field } from "./elements.js"
import { foldAll } from "./folding.js"
import { rove } from "./roving.js"
import { all, article, on } from "./page.js"
import { tr } from "./texts.js"

const GROUPS = { kind: tr("By kind"), letter: tr("By letter") }

export const filterGlossary = () => {
  let heading
  const entries = all("h2.sic-kind, .sic-kind ~ ul > li").flatMap(item => {
    if (item.matches("h2")) {
      heading = item
      return []
    }
    const text = foldAll(item.textContent)
    return {
      item,
      heading,
      text,
      kind: heading.firstChild.textContent,
      letter: text[0].toUpperCase(),
    }
  })
  if (!entries.length) return
  const section = article.querySelector(".sic-crumbs")
  const input = field(section ? tr("Find an entry on this page") : tr("Find an entry"))
  const count = element("output")
  const chosen = {}
  const update = () => {
    const wanted = foldAll(input.value).split(" ")
    const shown = entries.filter(
      entry =>
        wanted.every(word => entry.text.includes(word)) &&
        Object.entries(chosen).every(([name, value]) => !value || entry[name] === value),
    )
    const fitting = new Set(shown.flatMap(({ item, heading }) => [item, heading]))
    /* Setting an unchanged value costs a browser nothing. */
    for (const { item, heading } of entries)
      for (const one of [item, heading]) one.hidden = !fitting.has(one)
    count.textContent = shown.length
      ? tr("{number} of {all} entries", { number: shown.length, all: entries.length })
      : tr("No entry fits")
  }
  const group = name => {
    const values = [...new Set(entries.map(entry => entry[name]))].sort()
    if (values.length < 2) return ""
    const made = element("div", {
      role: "group",
      "aria-label": GROUPS[name],
      class: `sic-by-${name}`,
    })
    for (const value of values) {
      made.append(
        button(
          value,
          () => {
            chosen[name] = chosen[name] === value ? "" : value
            for (const other of made.children)
              other.ariaPressed = other.textContent === chosen[name]
            update()
          },
          { "aria-pressed": false },
        ),
      )
    }
    rove(made, [...made.children])
    return made
  }
  /* Other names of entries are in the index of the search alone. */
  const addNames = async () => {
    const named = (await window.sicIndex.read("pages")).entries
    const names = Object.fromEntries(named.map(([slug, , , also]) => [slug, also]))
    for (const entry of entries) {
      const [, slug] = entry.item.querySelector("a").pathname.match(/([^/]+?)(?:\/|\.html)$/)
      entry.text += ` ${foldAll((names[slug] ?? []).join(" "))}`
    }
    update()
  }
  input.addEventListener("focus", () => addNames().catch(() => {}), { once: true })
  on(input, "input", update)
  update()
  entries[0].heading.before(
    element(
      "div",
      { class: "sic-sift", role: "search", "aria-label": tr("Glossary") },
      input,
      count,
      section ? "" : group("kind"),
      group("letter"),
    ),
  )
}
