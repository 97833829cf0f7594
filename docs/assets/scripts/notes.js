/* The card that explains a marked word, a term, a note or an address. */

import { ADDRESS_LINKS, PARAGRAPHS } from "./addresses.js"
import { button } from "./controls.js"
import { copy, copyButton } from "./copying.js"
import { element } from "./elements.js"
import { float, moveTo } from "./floating.js"
import { kept } from "./keeping.js"
import { rove } from "./roving.js"
import { all, article, on } from "./page.js"
import { quotation } from "./quoting.js"
import { suggests } from "./suggesting.js"

const MARKS = "ins[data-heard], .sic-doubt"
const VARIANTS = ".sic-variant"
const STOPS = `a, ${VARIANTS}`
const OPENS = `a.footnote-ref, a.sic-term, ${VARIANTS}, ${ADDRESS_LINKS}, :is(${PARAGRAPHS}) :is(${MARKS})`

const quoteOf = part => {
  const range = new Range()
  range.selectNodeContents(part)
  return quotation(range)
}

const actions = (link, playAt) => [
  copyButton("Copy link", `Link to ${link.textContent}`, () => link.href),
  ...playAt(link.hash.slice(1)),
  ...suggests(quoteOf(link.parentElement), link),
]

/* The marks of a paragraph in order, each with its signs: behind a link there may be several. */
const marksIn = paragraph => {
  const found = []
  for (const node of all(`${MARKS}, .footnote-ref`, paragraph)) {
    const kind = node.matches(".sic-fix, ins") ? "fix" : node.matches(".sic-ask, span") ? "ask" : ""
    if (!node.matches("a")) {
      found.push({ mark: node, kind, calls: [] })
      continue
    }
    const own = found.filter(one => one.mark && kind && one.kind === kind)
    const taken = own.find(one => !one.calls.length) ?? own.at(-1)
    if (taken) taken.calls.push(node)
    else found.push({ kind, calls: [node] })
  }
  return found
}

/* What belongs together: a term, and the marks and signs in it or at one word. */
const groupOf = part => {
  const parts = marksIn(part.closest(PARAGRAPHS) ?? part.closest("p"))
  const one = parts.find(({ mark, calls }) => mark?.contains(part) || calls.includes(part))
  const term = part.closest("a.sic-term") ?? one?.mark?.closest("a.sic-term")
  const own = term ? parts.filter(({ mark }) => mark && term.contains(mark)) : one ? [one] : []
  const calls = own.flatMap(({ calls }) => calls)
  return { term, calls, asks: own.some(({ kind }) => kind === "ask"), mark: one?.mark ?? own[0]?.mark }
}

const noteOf = call => {
  const note = document.getElementById(decodeURIComponent(call.hash.slice(1))).cloneNode(true)
  all(".footnote-backref, :scope > a:first-child", note).forEach(back => back.remove())
  return element("p", {}, ...(note.querySelector("p") ?? note).childNodes)
}

const LEGEND =
  "Red line: corrected. Yellow: we are not sure. Dots: explained. Aa, or the ? key, shows all signs."

export const notes = playAt => {
  const card = element("div", { id: "sic-card", hidden: "" })
  /* The first link to an entry has its name and short text, for all. */
  const shorts = {}
  let owner
  let hand
  let keyed
  let timer
  const later = (act, delay) => {
    clearTimeout(timer)
    timer = setTimeout(act, delay)
  }
  const hide = () => {
    clearTimeout(timer)
    owner?.removeAttribute("aria-describedby")
    owner = null
    card.hidden = true
  }

  const mentions = term => {
    const every = all("a.sic-term").filter(other => other.pathname === term.pathname)
    const here = every.indexOf(term)
    const step = (sign, label, by) =>
      every[here + by]
        ? button(
            sign,
            () => {
              const there = every[here + by]
              there.scrollIntoView({ block: "center", behavior: "instant" })
              there.focus({ preventScroll: true })
              show(there)
            },
            { "aria-label": label },
          )
        : ""
    if (every.length < 2) return []
    const count = element("span", {}, ` ${here + 1} of ${every.length} `)
    return [step("‹", "Previous mention", -1), count, step("›", "Next mention", 1)]
  }

  const explain = part => {
    const { term, calls, asks, mark } = groupOf(part)
    const [name, ...short] = (shorts[term?.pathname] ?? "").split(": ")
    const made = name ? [element("strong", {}, name)] : []
    if (part.matches(VARIANTS)) made.push(element("p", {}, part.ariaLabel))
    made.push(...calls.map(noteOf))
    if (term) made.push(element("p", {}, short.join(": ")))
    const acts = term ? [element("a", { href: term.href }, "Full entry"), ...mentions(term)] : []
    if (calls.length)
      acts.push(
        element("a", { href: calls[0].hash, class: "sic-jump" }, "All corrections and notes"),
      )
    if (part.matches(VARIANTS))
      acts.push(element("a", { href: "#recognisers" }, "All differences"))
    const words = (mark ?? term)?.closest(PARAGRAPHS) && (mark ?? term)
    if (words?.matches("ins")) acts.push(...suggests(quoteOf(words), part, "Fix this", words))
    else if (words) acts.push(...suggests(quoteOf(words), part, asks ? "Answer this" : undefined))
    if (!kept("legend")) made.push(element("p", { class: "sic-legend" }, LEGEND))
    kept("legend", "seen")
    return [...made, element("p", { class: "sic-more" }, ...acts)]
  }

  const show = part => {
    clearTimeout(timer)
    const acts = part.matches(ADDRESS_LINKS)
    if (owner === part) return
    hide()
    owner = part
    card.className = acts ? "sic-card sic-quote" : "sic-card"
    card.role = "group"
    card.ariaLabel = part.textContent || part.ariaLabel || "Left out"
    card.replaceChildren(...(acts ? actions(part, playAt) : explain(part)))
    card.hidden = false
    part.setAttribute("aria-describedby", "sic-card")
    const box = part.getBoundingClientRect()
    const [width, height] = [card.offsetWidth, card.offsetHeight]
    const wanted =
      box.right < part.parentElement.getBoundingClientRect().left
        ? box.right - width
        : box.left - 12
    const below = box.bottom + height + 20 < innerHeight || box.top < height + 60
    /* The number of a note is raised, so leave room for the underline of the word. */
    const gap = part.matches(".footnote-ref") ? 14 : 6
    moveTo(card, wanted, below ? box.bottom + gap : box.top - height - 6)
  }

  for (const term of all("a.sic-term[title]")) {
    shorts[term.pathname] ??= term.title
    term.removeAttribute("title")
  }

  for (const sign of all(`${VARIANTS}[title]`)) {
    sign.role = "button"
    sign.ariaLabel = `Recognisers differ: ${sign.title}`
    sign.removeAttribute("title")
  }

  const at = (name, act) =>
    on(
      article,
      name,
      event => event.target.closest(OPENS) && act(event.target.closest(OPENS), event),
    )
  const byMouse = event => event.pointerType === "mouse"
  at("pointerover", (part, event) => byMouse(event) && later(() => show(part), 150))
  at("pointerout", (part, event) => byMouse(event) && later(hide, 250))
  /* A link to an address focuses it, which is no wish to see its card. */
  at(
    "focusin",
    part => part.matches(":focus-visible") && (keyed || !part.matches(":target")) && show(part),
  )
  at(
    "focusout",
    (part, event) =>
      card.contains(event.relatedTarget) || later(() => card.matches(":hover") || hide(), 150),
  )
  at("click", async (part, event) => {
    const touched = hand !== "mouse" && event.detail > 0
    if (event.metaKey || event.ctrlKey || (part.closest("a.sic-term") && !touched)) return
    const opens = touched || !event.detail || part.matches(`${MARKS}, ${VARIANTS}`)
    if (opens) show(part)
    if (opens && !part.matches(ADDRESS_LINKS)) {
      event.preventDefault()
      event.stopPropagation()
    }
    if (!part.matches(ADDRESS_LINKS) || !(await copy(part.href, `Link to ${part.textContent}`)))
      return
    part.classList.add("sic-copied")
    setTimeout(() => part.classList.remove("sic-copied"), 1500)
  })
  on(card, "pointerenter", () => clearTimeout(timer))
  on(card, "pointerleave", event => byMouse(event) && later(hide, 250))
  on(
    card,
    "focusout",
    event =>
      card.contains(event.relatedTarget) || event.relatedTarget === owner || later(hide, 150),
  )
  on(card, "click", event => event.target.matches(".sic-jump") && hide())
  on(document, "pointerdown", event => {
    hand = event.pointerType
    if (!card.contains(event.target) && !event.target.closest?.(OPENS)) hide()
  })

  /* Tab order: the card follows its owner. */
  on(document, "keydown", event => {
    keyed = true
    if (card.hidden) return
    const stops = all("a, button", card)
    const number = stops.indexOf(document.activeElement)
    const leaves =
      event.key === "Tab" && number >= 0 && number === (event.shiftKey ? 0 : stops.length - 1)
    if (
      event.key === "Tab" &&
      !event.shiftKey &&
      document.activeElement === owner &&
      stops.length
    ) {
      event.preventDefault()
      stops[0].focus()
    } else if (leaves || event.key === "Escape") {
      if (leaves && event.shiftKey) event.preventDefault()
      if (number >= 0) owner?.focus({ preventScroll: true })
      hide()
    }
  })
  float(card)

  for (const paragraph of all(PARAGRAPHS)) {
    const own = []
    let next = paragraph
    while ((next = next.nextElementSibling)?.matches(".sic-note")) own.push(next)
    const stops = [paragraph, ...own].flatMap(part => all(STOPS, part))
    if (stops.length) rove(paragraph, stops, own)
  }
}
