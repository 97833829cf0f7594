/* The card that explains a note, a term or an address. */

import { ADDRESS_LINKS, PARAGRAPHS, parseAddress } from "./addresses.js"
import { copy, copyButton } from "./copying.js"
import { element, externalLink } from "./elements.js"
import { float, moveTo } from "./floating.js"
import { rove } from "./roving.js"
import { KEYS } from "./keys.js"
import { all, article, on } from "./page.js"
import { quotation } from "./quoting.js"
import { reports } from "./suggesting.js"

const OPENS = `a.footnote-ref, a.sic-term, ${ADDRESS_LINKS}, .sic-help`

const playAt = (recording, second) => {
  const url = new URL(recording)
  if (/(^|\.)(youtube(-nocookie)?\.com|youtu\.be)$/.test(url.hostname))
    url.searchParams.set("t", `${second}s`)
  else url.hash = `t=${second}${/(^|\.)vimeo\.com$/.test(url.hostname) ? "s" : ""}`
  return url
}

const actions = link => {
  const made = [copyButton("Copy link", `Link to ${link.textContent}`, () => link.href)]
  const { unit, number } = parseAddress(link.hash.slice(1))
  const recording = article.querySelector('[data-recording^="https:"]')?.dataset.recording
  if (unit === "second" && recording)
    made.push(externalLink("Play there", playAt(recording, number)))
  const paragraph = new Range()
  paragraph.selectNodeContents(link.parentElement)
  return made.concat(reports(quotation(paragraph)))
}

const noteOf = link => {
  const note = document.getElementById(decodeURIComponent(link.hash.slice(1))).cloneNode(true)
  all(".footnote-backref", note).forEach(back => back.remove())
  const jump = element("a", { href: link.hash, class: "sic-jump" }, "All corrections and notes")
  return [...note.childNodes, element("p", { class: "sic-more" }, jump)]
}

export const notes = () => {
  const card = element("div", { id: "sic-card", hidden: "" })
  let owner
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

  const show = link => {
    clearTimeout(timer)
    if (owner === link) return
    hide()
    owner = link
    const acts = link.matches(ADDRESS_LINKS)
    card.className = acts ? "sic-card sic-quote" : "sic-card"
    card.role = acts ? "group" : "note"
    card.ariaLabel = link.textContent
    card.replaceChildren(
      ...(acts
        ? actions(link)
        : link.matches(".sic-help")
          ? KEYS.map(key => element("p", {}, key))
          : link.dataset.short
            ? [element("p", {}, link.dataset.short)]
            : noteOf(link)),
    )
    card.hidden = false
    link.setAttribute("aria-describedby", "sic-card")
    const box = link.getBoundingClientRect()
    const [width, height] = [card.offsetWidth, card.offsetHeight]
    const wanted =
      box.right < link.parentElement.getBoundingClientRect().left
        ? box.right - width
        : box.left - 12
    const below = box.bottom + height + 20 < innerHeight || box.top < height + 60
    /* The number of a note is raised, so leave room for the underline of the word. */
    const gap = link.matches(".footnote-ref") ? 14 : 6
    moveTo(card, wanted, below ? box.bottom + gap : box.top - height - 6)
  }

  for (const term of all("a.sic-term[title]")) {
    term.dataset.short = term.title
    term.removeAttribute("title")
  }

  const at = (name, act) =>
    on(
      article,
      name,
      event => event.target.closest(OPENS) && act(event.target.closest(OPENS), event),
    )
  const byMouse = event => event.pointerType === "mouse"
  at("pointerover", (link, event) => byMouse(event) && later(() => show(link), 150))
  at("pointerout", (link, event) => byMouse(event) && later(hide, 250))
  at("focusin", link => link.matches(":focus-visible") && show(link))
  at(
    "focusout",
    (link, event) =>
      card.contains(event.relatedTarget) || later(() => card.matches(":hover") || hide(), 150),
  )
  at("click", async (link, event) => {
    if (event.metaKey || event.ctrlKey || link.matches(".sic-term")) return
    const opens = !byMouse(event) || link.matches(".sic-help")
    if (opens) show(link)
    if (opens && link.hash?.startsWith("#fn")) {
      event.preventDefault()
      event.stopPropagation()
    }
    if (!link.matches(ADDRESS_LINKS) || !(await copy(link.href, `Link to ${link.textContent}`)))
      return
    link.classList.add("sic-copied")
    setTimeout(() => link.classList.remove("sic-copied"), 1500)
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
  on(
    document,
    "pointerdown",
    event => card.contains(event.target) || event.target.closest(OPENS) || hide(),
  )

  /* Tab order: the card follows its owner. */
  on(document, "keydown", event => {
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
    const stops = all("a", paragraph)
    if (stops.length) rove(paragraph, stops)
  }
}
