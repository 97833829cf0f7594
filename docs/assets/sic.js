/* Reading aids of Sic: three ways to read, and notes in place. Without this script the text, its
   corrections, notes and links are all there; nothing here fetches anything. */
(() => {
  "use strict"

  const WAYS = {
    corrected: ["Corrected", "The words that were said"],
    heard: ["As heard", "The words that the recogniser wrote"],
    clean: ["Clean", "Corrected, without fillers and false starts"],
  }
  const KEY = "sic-read"
  let cleanUp = () => {}

  const remembered = () => {
    const asked = new URLSearchParams(location.search).get("read")
    if (asked in WAYS) return asked
    try {
      const stored = localStorage.getItem(KEY)
      if (stored in WAYS) return stored
    } catch {
      /* storage may be forbidden; then the choice lasts for the page */
    }
    return "corrected"
  }

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.append(...children)
    return made
  }

  /* Three ways to read ------------------------------------------------------------------------ */

  const read = (article, way) => {
    article.dataset.read = way
    for (const mark of article.querySelectorAll("ins[data-heard]")) {
      /* What a mark puts in keeps its own markup; it is swapped as a whole and comes back so. */
      mark.said ??= [...mark.childNodes]
      const heard = mark.dataset.heard
      const alone = mark.said.length === 0
      if (way === "heard") mark.replaceChildren(alone && heard ? ` ${heard}` : heard)
      else mark.replaceChildren(...mark.said)
    }
  }

  const control = article => {
    const status = element("span", { role: "status", class: "sic-hidden" })
    const group = element("fieldset", { class: "sic-ways" }, element("legend", { class: "sic-hidden" }, "How to read"))
    const chosen = remembered()
    for (const [way, [label, title]] of Object.entries(WAYS)) {
      const input = element("input", { type: "radio", name: "sic-way", value: way })
      input.checked = way === chosen
      input.addEventListener("change", () => {
        read(article, way)
        status.textContent = `${label}: ${title}`
        try {
          localStorage.setItem(KEY, way)
        } catch {
          /* see above */
        }
        const here = new URL(location.href)
        if (way === "corrected") here.searchParams.delete("read")
        else here.searchParams.set("read", way)
        history.replaceState(history.state, "", here)
      })
      group.append(element("label", { title }, input, element("span", {}, label)))
    }
    read(article, chosen)
    return element("div", { class: "sic-bar" }, group, status)
  }

  /* Notes in place ---------------------------------------------------------------------------- */

  const notes = article => {
    const card = element("div", { class: "sic-card", role: "note", id: "sic-card", hidden: "" })
    let owner = null
    let timer = 0

    const hide = () => {
      clearTimeout(timer)
      owner?.removeAttribute("aria-describedby")
      owner = null
      card.hidden = true
    }

    const fill = link => {
      if (link.classList.contains("sic-term")) {
        card.replaceChildren(element("p", {}, link.dataset.short))
        return
      }
      const note = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      const copy = [...(note?.childNodes ?? [])].map(node => node.cloneNode(true))
      card.replaceChildren(...copy)
      card.querySelectorAll(".footnote-backref, [id]").forEach(inner => {
        if (inner.matches(".footnote-backref")) inner.remove()
        else inner.removeAttribute("id")
      })
      const jump = element("a", { href: link.hash, class: "sic-jump" }, "All corrections and notes")
      jump.addEventListener("click", hide)
      card.append(element("p", { class: "sic-more" }, jump))
    }

    const show = link => {
      clearTimeout(timer)
      if (owner === link) return
      hide()
      owner = link
      fill(link)
      card.hidden = false
      link.setAttribute("aria-describedby", "sic-card")
      const box = link.getBoundingClientRect()
      const width = card.offsetWidth
      const left = Math.max(8, Math.min(box.left - 12, innerWidth - width - 8))
      const below = box.bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 60
      const top = below ? box.bottom + 6 : box.top - card.offsetHeight - 6
      card.style.left = `${left + scrollX}px`
      card.style.top = `${top + scrollY}px`
    }

    const later = (action, delay) => {
      clearTimeout(timer)
      timer = setTimeout(action, delay)
    }

    const links = [...article.querySelectorAll("a.footnote-ref, a.sic-term[title]")]
    for (const link of links) {
      /* The browser's own tooltip would come on top of ours. */
      if (link.title) {
        link.dataset.short = link.title
        link.removeAttribute("title")
      }
      link.addEventListener("pointerenter", event => event.pointerType === "mouse" && later(() => show(link), 150))
      link.addEventListener("pointerleave", event => event.pointerType === "mouse" && later(hide, 250))
      link.addEventListener("focus", () => link.matches(":focus-visible") && show(link))
      link.addEventListener("blur", event => card.contains(event.relatedTarget) || later(hide, 150))
      link.addEventListener("click", event => {
        /* A touch or Enter on a note opens it here; the card leads on to the list. A mouse has seen
           the card already: its click leads to the list itself. */
        if (!link.classList.contains("footnote-ref") || event.pointerType === "mouse") return
        event.preventDefault()
        event.stopPropagation()
        show(link)
      })
    }
    card.addEventListener("pointerenter", () => clearTimeout(timer))
    card.addEventListener("pointerleave", () => later(hide, 250))
    card.addEventListener("focusout", event => card.contains(event.relatedTarget) || event.relatedTarget === owner || hide())

    /* One tab stop a paragraph; the arrow keys go from mark to mark inside it. */
    const rove = paragraph => {
      const stops = [...paragraph.querySelectorAll("a.footnote-ref, a.sic-term")]
      stops.forEach((stop, number) => (stop.tabIndex = number ? -1 : 0))
      paragraph.addEventListener("keydown", event => {
        const number = stops.indexOf(document.activeElement)
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (number < 0 || !step) return
        const next = stops[number + step]
        if (!next) return
        event.preventDefault()
        stops[number].tabIndex = -1
        next.tabIndex = 0
        next.focus()
      })
    }
    article.querySelectorAll(".sic-turn, .sic-on").forEach(rove)

    /* The card stands at the end of the page; Tab goes into it and back as if it stood here. */
    const onTab = event => {
      const jump = card.querySelector(".sic-jump")
      if (event.key !== "Tab" || card.hidden || !jump) return
      const inside = card.contains(document.activeElement)
      if (document.activeElement === owner && !event.shiftKey) {
        event.preventDefault()
        jump.focus()
      } else if (inside) {
        const back = owner
        if (event.shiftKey) event.preventDefault()
        back?.focus({ preventScroll: true })
        hide()
      }
    }
    const onKey = event => {
      if (event.key !== "Escape" || card.hidden) return
      const back = card.contains(document.activeElement) ? owner : null
      hide()
      back?.focus({ preventScroll: true })
      /* Coming back to the sign has opened its card again. */
      hide()
    }
    const onPointer = event => {
      if (!card.contains(event.target) && !event.target.closest?.("a.footnote-ref")) hide()
    }
    document.addEventListener("keydown", onTab)
    document.addEventListener("keydown", onKey)
    document.addEventListener("pointerdown", onPointer)
    document.body.append(card)
    return () => {
      document.removeEventListener("keydown", onTab)
      document.removeEventListener("keydown", onKey)
      document.removeEventListener("pointerdown", onPointer)
      card.remove()
    }
  }

  /* The place on the map ----------------------------------------------------------------------- */

  /* A heading counts as reached a little below where a link to it comes to rest. */
  const REACHED = 180

  const place = article => {
    const map = article.querySelector(".sic-map svg")
    if (!map) return () => {}
    const here = map.querySelector(".sic-here")
    const chapters = [...map.querySelectorAll("a")]
      .map(link => ({
        rect: link.querySelector(".sic-chapter"),
        heading: document.getElementById(link.getAttribute("href").slice(1)),
      }))
      .filter(({ heading }) => heading)
    const end = document.getElementById("corrections-and-notes") ?? article
    let waiting = false
    const update = () => {
      waiting = false
      const tops = chapters.map(({ heading }) => heading.getBoundingClientRect().top - REACHED)
      const last = end === article ? end.getBoundingClientRect().bottom : end.getBoundingClientRect().top
      const number = tops.findLastIndex(top => top <= 0)
      if (number < 0) return here.setAttribute("x", -9)
      const from = tops[number]
      const to = number + 1 < tops.length ? tops[number + 1] : last
      const { x, width } = chapters[number].rect
      const share = Math.min(Math.max(-from / Math.max(to - from, 1), 0), 1)
      here.setAttribute("x", x.baseVal.value + width.baseVal.value * share)
    }
    const onScroll = () => {
      if (!waiting) requestAnimationFrame(update)
      waiting = true
    }
    addEventListener("scroll", onScroll, { passive: true })
    update()
    return () => removeEventListener("scroll", onScroll)
  }

  /* Addresses --------------------------------------------------------------------------------- */

  /* A time between two cues belongs to the one before it. */
  const settle = article => {
    const asked = /^#t(\d+)$/.exec(location.hash)
    if (!asked || document.getElementById(asked[0].slice(1))) return
    const second = Number(asked[1])
    const cues = [...article.querySelectorAll('[id^="t"]')]
      .map(cue => [Number(/^t(\d+)$/.exec(cue.id)?.[1] ?? NaN), cue])
      .filter(([start]) => start <= second)
    const nearest = cues.reduce((best, cue) => (!best || cue[0] >= best[0] ? cue : best), null)
    if (nearest) location.replace(`#${nearest[1].id}`)
  }

  const addresses = article => {
    const said = element("span", { role: "status", class: "sic-hidden" })
    article.append(said)
    const onClick = async event => {
      const link = event.target.closest?.("a.sic-at")
      if (!link || event.metaKey || event.ctrlKey || !navigator.clipboard) return
      try {
        await navigator.clipboard.writeText(link.href)
        link.classList.add("sic-copied")
        said.textContent = `Link to ${link.textContent} copied`
        setTimeout(() => link.classList.remove("sic-copied"), 1500)
      } catch {
        /* Then it is an ordinary link, and the address bar has it. */
      }
    }
    const onHash = () => settle(article)
    article.addEventListener("click", onClick)
    addEventListener("hashchange", onHash)
    settle(article)
    return () => removeEventListener("hashchange", onHash)
  }

  /* Quoting ----------------------------------------------------------------------------------- */

  const CORRECTED = "corrected from the recogniser's transcript"
  const FORMS = {
    "Quote": q => `“${q.words}” (${q.speaker}, ${q.title}, ${q.date}${q.corrected ? `; ${CORRECTED}` : ""}) ${q.url}`,
    "Markdown": q =>
      `> ${q.words}\n>\n> ${q.speaker}, [${q.title}](${q.url}), ${q.date}${q.corrected ? `, ${CORRECTED}` : ""}`,
    "BibTeX": q =>
      [
        `@misc{${q.key},`,
        `  author = {${q.speaker}},`,
        `  title = {${q.title}},`,
        `  year = {${q.date.slice(0, 4)}},`,
        `  date = {${q.date}},`,
        `  url = {${q.url}},`,
        `  note = {“${q.words}”${q.corrected ? `, ${CORRECTED}` : ""}},`,
        "}",
      ].join("\n"),
  }

  /* A selection may begin at a paragraph; what counts is the first word in it. */
  const firstWords = (article, range) => {
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const text = texts.currentNode
      const shown = text.data.trim() && !text.parentElement.closest("sup, .sic-at, .sic-speaker")
      if (shown && range.intersectsNode(text) && !(text === range.startContainer && range.startOffset === text.length))
        return text
    }
    return range.startContainer
  }

  const quotation = (article, range) => {
    const copy = range.cloneContents()
    const first = firstWords(article, range)
    const hidden = "sup, .sic-at, .sic-speaker" + (article.dataset.read === "clean" ? ", .sic-f" : "")
    copy.querySelectorAll(hidden).forEach(inner => inner.remove())
    const words = copy.textContent.replace(/\s+/g, " ").trim()
    const before = selector =>
      [...article.querySelectorAll(selector)].filter(
        found => found.contains(first) || found.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING,
      ).at(-1)
    const address = before('[id^="t"]:not([id*="_"]), [id^="l"]:not([id*="_"])')?.id ?? ""
    const page = document.querySelector("link[rel=canonical]")?.href ?? location.href.replace(/[?#].*/, "")
    const date = article.querySelector(".sic-facts")?.dataset.date ?? ""
    const speaker = before(".sic-speaker")?.textContent ?? ""
    return {
      words,
      speaker,
      title: article.querySelector("h1").firstChild.textContent.trim(),
      date,
      url: `${page}#${address}`,
      key: `${speaker.toLowerCase().replace(/\W+/g, "")}${date.slice(0, 4)}${address}`,
      corrected: article.dataset.read !== "heard" && Boolean(copy.querySelector("ins[data-heard]")),
    }
  }

  const quoting = article => {
    const said = element("span", { role: "status", class: "sic-hidden" })
    const bar = element("div", { class: "sic-quote", role: "toolbar", "aria-label": "Quote the selection", hidden: "" })
    let chosen = null
    for (const [label, render] of Object.entries(FORMS)) {
      const button = element("button", { type: "button" }, label)
      button.addEventListener("click", async () => {
        await navigator.clipboard?.writeText(render(chosen)).catch(() => {})
        said.textContent = `${label} copied`
        button.textContent = "Copied"
        setTimeout(() => (button.textContent = label), 1200)
      })
      bar.append(button)
    }
    const repository = document.querySelector("a.md-source")?.href
    const report = element("a", { target: "_blank", rel: "noopener" }, "Suggest a correction")
    if (repository) bar.append(report)
    let timer = 0
    const update = () => {
      const selection = getSelection()
      const range = selection.rangeCount ? selection.getRangeAt(0) : null
      const inside = range && !range.collapsed && article.contains(range.commonAncestorContainer)
      const from = range?.startContainer
      const spoken = inside && (from.closest ? from : from.parentElement).closest(".sic-turn, .sic-on")
      bar.hidden = !spoken
      if (!spoken) return
      chosen = quotation(article, range)
      const form = new URLSearchParams({ template: "correction.yml", place: chosen.url, words: chosen.words })
      if (repository) report.href = `${repository.replace(/\/$/, "")}/issues/new?${form}`
      const box = range.getBoundingClientRect()
      bar.style.left = `${Math.max(8, Math.min(box.left, innerWidth - bar.offsetWidth - 8)) + scrollX}px`
      bar.style.top = `${box.bottom + 8 + scrollY}px`
    }
    const onSelection = () => {
      clearTimeout(timer)
      timer = setTimeout(update, 250)
    }
    document.addEventListener("selectionchange", onSelection)
    document.body.append(bar, said)
    return () => {
      document.removeEventListener("selectionchange", onSelection)
      bar.remove()
      said.remove()
    }
  }

  const start = () => {
    cleanUp()
    cleanUp = () => {}
    /* The theme's dialog has no name of its own. */
    document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search")
    const article = document.querySelector("article")
    if (!article) return
    const undo = [notes(article), place(article), addresses(article)]
    const head = article.querySelector(".sic-proof")
    if (head && article.querySelector(".sic-turn")) {
      head.after(control(article))
      undo.push(quoting(article))
    }
    cleanUp = () => undo.forEach(step => step())
  }

  /* The themes exchange pages without loading them anew; then they say so here. */
  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", start)
  else document$.subscribe(start)
})()
