/* The filters of lists: of a glossary by text, kind and letter; of the register by evidence too. */

import { button } from "./controls.js"
import { element, field } from "./elements.js"
import { foldAll } from "./folding.js"
import { rove } from "./roving.js"
import { all, article, on } from "./page.js"
import { tr } from "./texts.js"

const GROUPS = {
  kind: tr("By kind"),
  letter: tr("By letter"),
  certainty: tr("By certainty"),
  evidence: tr("By evidence"),
}

/* Shows those items that have the text and the chosen values, and the headings above them. */
const sift = (entries, { list, find, findHere, fitting, none, groups, complete, first }) => {
  if (!entries.length) return
  const section = article.querySelector(".sic-crumbs")
  const input = field(section ? findHere : find)
  const count = element("output")
  const chosen = {}
  const update = () => {
    const wanted = foldAll(input.value).split(" ")
    const shown = entries.filter(
      entry =>
        wanted.every(word => entry.text.includes(word)) &&
        Object.entries(chosen).every(([name, value]) => !value || entry[name] === value),
    )
    const fit = new Set(shown.flatMap(({ item, headings }) => [item, ...headings]))
    /* Setting an unchanged value costs a browser nothing. */
    for (const { item, headings } of entries)
      for (const one of [item, ...headings]) one.hidden = !fit.has(one)
    count.textContent = shown.length
      ? tr(fitting, { number: shown.length, all: entries.length })
      : none
  }
  const group = name => {
    const values = [...new Set(entries.map(entry => entry[name]))].filter(Boolean).sort()
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
  on(input, "focus", () => complete?.().then(update, () => {}))
  on(input, "input", update)
  update()
  const below = first ?? entries[0].headings[0]
  below.before(
    element(
      "div",
      { class: "sic-sift", role: "search", "aria-label": list },
      input,
      count,
      ...groups.map(group),
    ),
  )
}

const filterGlossary = () => {
  let heading
  const entries = all("h2.sic-kind, .sic-kind ~ ul > li").flatMap(item => {
    if (item.matches("h2")) {
      heading = item
      return []
    }
    const text = foldAll(item.textContent)
    return {
      item,
      headings: [heading],
      text,
      kind: heading.firstChild.textContent,
      letter: text[0].toUpperCase(),
    }
  })
  let named
  /* Other names of entries are in the index of the search alone. */
  const complete = async () => {
    if (named) return
    named = (await window.sicIndex.read("pages")).entries
    const names = Object.fromEntries(named.map(([slug, , , also]) => [slug, also]))
    for (const entry of entries) {
      const [, slug] = entry.item.querySelector("a").pathname.match(/([^/]+?)(?:\/|\.html)$/)
      entry.text += ` ${foldAll((names[slug] ?? []).join(" "))}`
    }
  }
  /* A page of a long glossary has one kind. */
  const groups = article.querySelector(".sic-crumbs") ? ["letter"] : ["kind", "letter"]
  sift(entries, {
    list: tr("Glossary"),
    find: tr("Find an entry"),
    findHere: tr("Find an entry on this page"),
    fitting: tr("{number} of {all} entries"),
    none: tr("No entry fits"),
    groups,
    complete,
  })
}

const COLUMNS = [tr("Place"), tr("Heard"), tr("Said"), tr("Kind"), tr("Reason")].join()
const [CONJECTURE, BY] = [tr("conjecture"), tr("conjecture by {evidence}").split("{")[0]]
const rowsOf = table => [...table.tBodies].flatMap(({ rows }) => [...rows])

/* “Sounds alike, conjecture by sound and sense; …”: kind, certainty and evidence. */
const filterRegister = () => {
  const titles = all("h2")
  const tables = all("table:has(thead)").filter(
    ({ tHead }) => [...tHead.rows[0].cells].map(cell => cell.textContent.trim()).join() === COLUMNS,
  )
  const entries = tables.flatMap(table => {
    const above = title => title.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING
    const title = titles.findLast(above)
    const headings = [title, title.nextElementSibling, table]
    return rowsOf(table).map(item => {
      const [kind, ...told] = item.cells[3].textContent.split(";")[0].split(", ")
      const ground = told.join(", ")
      const sure = !ground.startsWith(CONJECTURE)
      const certainty = sure ? tr("certain") : CONJECTURE
      const evidence = sure ? ground : ground.slice(BY.length)
      return { item, headings, text: foldAll(item.textContent), kind, certainty, evidence }
    })
  })
  const groups = ["kind", "certainty", "evidence"]
  sift(entries, {
    list: tr("Corrections"),
    find: tr("Find a correction"),
    findHere: tr("Find a correction on this page"),
    fitting: tr("{number} of {all} corrections"),
    none: tr("No correction fits"),
    groups,
    first: titles[0],
  })
}

export const filterLists = () => {
  filterGlossary()
  filterRegister()
}
