/* Reading aids of Sic. Without this script all text is there; nothing here fetches anything. */
(() => {
  "use strict"

  const WAYS = {
    corrected: ["Corrected", "The words that were said"],
    heard: ["As heard", "The words that the recogniser wrote"],
    clean: ["Clean", "Corrected, without fillers and false starts"],
  }
  const PARAGRAPHS = ".sic-turn, .sic-on"

  /* Themes exchange pages; what one began ends with it. */
  let page = new AbortController()
  let article
  const on = (target, name, act) => target.addEventListener(name, act, { signal: page.signal })
  const all = (selector, root = article) => [...root.querySelectorAll(selector)]

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name)
    for (const key in attributes) made.setAttribute(key, attributes[key])
    made.append(...children)
    return made
  }
  const button = (label, act, attributes) => {
    const made = element("button", { type: "button", ...attributes }, label)
    on(made, "click", act)
    return made
  }
  const sign = (label, title, act) => button(label, act, { title, "aria-label": title })
  const field = label => element("input", { type: "text", placeholder: label, "aria-label": label, autocomplete: "off" })
  const outward = (label, href) => element("a", { href, target: "_blank", rel: "noopener" }, label)

  const float = part => {
    document.querySelector("main").append(part)
    on(page.signal, "abort", () => part.remove())
  }

  const moveTo = (part, left, top) => {
    part.style.left = `${Math.max(8, Math.min(left, document.body.clientWidth - part.offsetWidth - 8)) + scrollX}px`
    part.style.top = `${top + scrollY}px`
  }

  /* Storage may be forbidden. */
  const remember = way => {
    try {
      if (way) localStorage["sic-read"] = way
      return localStorage["sic-read"]
    } catch {}
  }

  const status = element("span", { role: "status", class: "sic-hidden" })
  const say = text => (status.textContent = text)

  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text)
      say(`${what} copied`)
      return true
    } catch {}
  }
  const copyButton = (label, what, render) => {
    const made = button(label, async () => {
      made.textContent = (await copy(render(), what)) ? "Copied" : "Not copied"
      setTimeout(() => (made.textContent = label), 1200)
    })
    return made
  }

  const rove = (host, stops) => {
    const stay = stop => stops.forEach(other => (other.tabIndex = other === stop ? 0 : -1))
    stay(stops[0])
    on(host, "focusin", event => stops.includes(event.target) && stay(event.target))
    on(host, "keydown", event => {
      const number = stops.indexOf(event.target)
      if (number < 0 || modified(event)) return
      const ahead = getComputedStyle(host).direction === "rtl" ? -1 : 1
      const next = stops[{ ArrowRight: number + ahead, ArrowLeft: number - ahead, Home: 0, End: stops.length - 1 }[event.key]]
      if (!next) return
      event.preventDefault()
      next.focus()
    })
  }
  const modified = event => event.altKey || event.ctrlKey || event.metaKey || event.shiftKey

  const read = way => {
    article.dataset.read = way
    for (const mark of all("ins[data-heard]")) {
      mark.said ??= [...mark.childNodes]
      const heard = mark.dataset.heard
      if (way === "heard") mark.replaceChildren(heard && !mark.said.length ? ` ${heard}` : heard)
      else mark.replaceChildren(...mark.said)
    }
  }

  const ways = () => {
    const group = element("fieldset", { class: "sic-ways" }, element("legend", { class: "sic-hidden" }, "How to read"))
    const chosen = [new URLSearchParams(location.search).get("read"), remember(), "corrected"].find(way => way in WAYS)
    for (const way in WAYS) {
      const [label, title] = WAYS[way]
      const input = element("input", { type: "radio", name: "sic-way" })
      input.checked = way === chosen
      on(input, "change", () => {
        read(way)
        say(`${label}: ${title}`)
        remember(way)
        const here = new URL(location)
        here.searchParams.set("read", way)
        if (way === "corrected") here.searchParams.delete("read")
        history.replaceState(history.state, "", here)
      })
      group.append(element("label", { title }, input, element("span", {}, label)))
    }
    read(chosen)
    return group
  }

  const ADDRESS = ":is(.sic-turn, .sic-on) > .sic-at"
  const OPENS = `a.footnote-ref, a.sic-term, ${ADDRESS}, .sic-help`

  const playAt = (recording, second) => {
    const url = new URL(recording)
    if (/(^|\.)(youtube(-nocookie)?\.com|youtu\.be)$/.test(url.hostname)) url.searchParams.set("t", `${second}s`)
    else url.hash = `t=${second}${/(^|\.)vimeo\.com$/.test(url.hostname) ? "s" : ""}`
    return url
  }

  const actions = link => {
    const made = [copyButton("Copy link", `Link to ${link.textContent}`, () => link.href)]
    const second = /^#t(\d+)/.exec(link.hash)?.[1]
    const recording = article.querySelector('[data-recording^="https:"]')?.dataset.recording
    if (second && recording) made.push(outward("Play there", playAt(recording, second)))
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

  const notes = () => {
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
      const acts = link.matches(ADDRESS)
      card.className = acts ? "sic-card sic-quote" : "sic-card"
      card.role = acts ? "group" : "note"
      card.ariaLabel = link.textContent
      card.replaceChildren(
        ...(acts ? actions(link) : link.matches(".sic-help") ? KEYS.map(key => element("p", {}, key)) : link.dataset.short ? [element("p", {}, link.dataset.short)] : noteOf(link)),
      )
      card.hidden = false
      link.setAttribute("aria-describedby", "sic-card")
      const box = link.getBoundingClientRect()
      const [width, height] = [card.offsetWidth, card.offsetHeight]
      const wanted = box.right < link.parentElement.getBoundingClientRect().left ? box.right - width : box.left - 12
      const below = box.bottom + height + 20 < innerHeight || box.top < height + 60
      /* The number of a note is raised: below it the underline of the word shows. */
      const gap = link.matches(".footnote-ref") ? 14 : 6
      moveTo(card, wanted, below ? box.bottom + gap : box.top - height - 6)
    }

    for (const term of all("a.sic-term[title]")) {
      term.dataset.short = term.title
      term.removeAttribute("title")
    }

    const at = (name, act) => on(article, name, event => event.target.closest(OPENS) && act(event.target.closest(OPENS), event))
    const byMouse = event => event.pointerType === "mouse"
    at("pointerover", (link, event) => byMouse(event) && later(() => show(link), 150))
    at("pointerout", (link, event) => byMouse(event) && later(hide, 250))
    at("focusin", link => link.matches(":focus-visible") && show(link))
    at("focusout", (link, event) => card.contains(event.relatedTarget) || later(() => card.matches(":hover") || hide(), 150))
    at("click", async (link, event) => {
      if (event.metaKey || event.ctrlKey || link.matches(".sic-term")) return
      const opens = !byMouse(event) || link.matches(".sic-help")
      if (opens) show(link)
      if (opens && link.hash?.startsWith("#fn")) {
        event.preventDefault()
        event.stopPropagation()
      }
      if (!link.matches(ADDRESS) || !(await copy(link.href, `Link to ${link.textContent}`))) return
      link.classList.add("sic-copied")
      setTimeout(() => link.classList.remove("sic-copied"), 1500)
    })
    on(card, "pointerenter", () => clearTimeout(timer))
    on(card, "pointerleave", event => byMouse(event) && later(hide, 250))
    on(card, "focusout", event => card.contains(event.relatedTarget) || event.relatedTarget === owner || later(hide, 150))
    on(card, "click", event => event.target.matches(".sic-jump") && hide())
    on(document, "pointerdown", event => card.contains(event.target) || event.target.closest(OPENS) || hide())

    /* Tab goes into the card as if it stood here. */
    on(document, "keydown", event => {
      if (card.hidden) return
      const stops = all("a, button", card)
      const number = stops.indexOf(document.activeElement)
      const leaves = event.key === "Tab" && number >= 0 && number === (event.shiftKey ? 0 : stops.length - 1)
      if (event.key === "Tab" && !event.shiftKey && document.activeElement === owner && stops.length) {
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

  const REACHED = 180
  const topOf = part => part.getBoundingClientRect().top

  const place = () => {
    const map = article.querySelector(".sic-map svg")
    if (!map) return
    const links = all("a", map)
    rove(map, links)
    const here = map.querySelector(".sic-here")
    const chapters = links
      .map(link => [link.querySelector(".sic-chapter"), document.getElementById(link.getAttribute("href").slice(1))])
      .filter(([, heading]) => heading)
    const end = document.getElementById("corrections-and-notes") ?? article.lastElementChild
    let waiting = false
    const update = () => {
      waiting = false
      const tops = [...chapters.map(([, heading]) => heading), end].map(part => topOf(part) - REACHED)
      const number = tops.slice(0, -1).findLastIndex(top => top <= 0)
      if (number < 0) return here.setAttribute("x", -9)
      const { x, width } = chapters[number][0]
      const share = Math.min(-tops[number] / Math.max(tops[number + 1] - tops[number], 1), 1)
      here.setAttribute("x", x.baseVal.value + width.baseVal.value * share)
    }
    on(window, "scroll", () => {
      if (!waiting) requestAnimationFrame(update)
      waiting = true
    })
    update()
  }

  /* A time between two cues belongs to the one before it. */
  const settle = () => {
    const second = /^#t(\d+)$/.exec(location.hash)?.[1]
    if (!second || document.getElementById(`t${second}`)) return
    const nearest = all('[id^="t"]').findLast(({ id }) => id.slice(1) - second <= 0)
    if (nearest) location.replace(`#${nearest.id}`)
  }

  const ALIKE = { "’": "'", "‘": "'", "“": '"', "”": '"' }
  const folds = {}
  const fold = sign =>
    (folds[sign] ??=
      ALIKE[sign] ??
      sign.normalize("NFD").replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "").normalize("NFC").toLowerCase().replace(/\s/, " "))
  const foldAll = text => [...text.trim()].map(fold).join("").replace(/ +/g, " ")

  const unsaid = () => `sup, .sic-at, .sic-speaker${article.dataset.read === "clean" ? ", .sic-f" : ""}`

  /* The words that are shown, folded, each sign with its place. */
  const wordsOf = () => {
    const hidden = unsaid()
    const [signs, places, paragraphs] = [[], [], []]
    let speaker = ""
    const add = (sign, node, offset) => {
      if (sign === " " && " \n".includes(signs.at(-1))) return
      for (const part of sign) {
        signs.push(part)
        places.push([node, offset])
      }
    }
    for (const paragraph of all(PARAGRAPHS)) {
      add("\n")
      speaker = paragraph.querySelector(".sic-speaker")?.textContent ?? speaker
      paragraphs.push([signs.length, speaker, paragraph])
      const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
      for (let node; (node = texts.nextNode()); )
        if (!node.parentElement.closest(hidden))
          for (let offset = 0; offset < node.length; offset++) add(fold(node.data[offset]), node, offset)
    }
    const text = signs.join("")
    const find = (wanted, by) => {
      const found = []
      let number = 0
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        while (paragraphs[number + 1]?.[0] <= at) number++
        if (!by || paragraphs[number][1] === by) found.push(at)
      }
      return found
    }
    const made = new Range()
    const range = (at, length) => {
      made.setStart(...places[at])
      const [node, last] = places[at + length - 1]
      made.setEnd(node, last + 1)
      return made
    }
    return { paragraphs, find, range }
  }

  const finding = bar => {
    const input = field("Find in this transcript")
    const speakers = new Set(all(".sic-speaker").map(name => name.textContent))
    const who = element("select", { "aria-label": "Speaker" }, new Option("All", ""), ...[...speakers].map(name => new Option(name)))
    who.hidden = !speakers.size
    const count = element("output")
    const form = element(
      "form",
      { class: "sic-find", role: "search", "aria-label": input.placeholder, hidden: "" },
      input,
      who,
      count,
      sign("↑", "Previous (Shift+Enter)", () => step(-1)),
      sign("↓", "Next (Enter)", () => step(1)),
      sign("×", "Close (Escape)", () => close()),
    )
    const opener = button("Find", () => open(), { class: "sic-open", title: `${input.placeholder} (t)` })
    let words
    let found = []
    let current = 0
    let from = 0
    let length = 0

    const mark = (name, ats) => CSS.highlights?.set(name, new Highlight(...ats.map(at => new StaticRange(words.range(at, length)))))
    const clear = () => ["sic-found", "sic-current"].forEach(name => CSS.highlights?.delete(name))

    const show = chosen => {
      count.textContent = found.length ? `${current + 1} of ${found.length}` : length ? "Not found" : ""
      mark("sic-current", found.slice(current, current + 1))
      if (!found.length) return
      from = found[current]
      const range = words.range(from, length)
      const box = range.getBoundingClientRect()
      if (box.top < bar.getBoundingClientRect().bottom + 16 || box.bottom > innerHeight - 40)
        scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" })
      if (CSS.highlights || !chosen) return
      getSelection().removeAllRanges()
      getSelection().addRange(range)
    }
    const step = by => {
      current = (current + by + found.length) % found.length || 0
      show(true)
    }
    const search = () => {
      const wanted = foldAll(input.value)
      length = wanted.length
      found = length ? words.find(wanted, who.value) : []
      current = Math.max(found.findIndex(at => at >= from), 0)
      mark("sic-found", found)
      show()
    }

    const toggle = opens => (form.hidden = !bar.classList.toggle("sic-finding", opens))
    const open = () => {
      if (form.hidden) {
        toggle(true)
        words = wordsOf()
        from = words.paragraphs.find(([, , paragraph]) => paragraph.getBoundingClientRect().bottom > REACHED)?.[0] ?? 0
        search()
      }
      input.select()
    }
    const close = () => {
      toggle(false)
      clear()
      opener.focus({ preventScroll: true })
    }

    on(input, "input", search)
    on(form, "submit", event => event.preventDefault())
    on(form, "keydown", event => {
      if (event.key === "Escape") close()
      else if (event.key === "Enter" && event.target === input && !event.isComposing) step(event.shiftKey ? -1 : 1)
      else return
      event.preventDefault()
    })
    on(bar, "change", event => {
      if (form.hidden || event.target === input) return
      words = wordsOf()
      search()
    })
    on(page.signal, "abort", clear)
    bar.append(opener, form)
    return open
  }

  const KEYS = ["t: find", "j: next chapter", "k: previous chapter", "← →: along a paragraph’s links"]

  /* A short last chapter never reaches the top. */
  const toChapter = by => {
    const headings = all("h2[id]")
    const here = headings.indexOf(document.activeElement)
    const seen = here >= 0 && topOf(headings[here]) > 0 && topOf(headings[here]) < innerHeight
    const near = by > 0 ? headings.find(heading => topOf(heading) > REACHED) : headings.findLast(heading => topOf(heading) < 0)
    const heading = seen ? headings[here + by] : near
    if (!heading) return
    location.replace(`#${heading.id}`)
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }

  const keys = acts =>
    on(document, "keydown", event => {
      const act = acts[event.key]
      if (!act || modified(event) || event.isComposing) return
      const target = event.composedPath()[0]
      if (target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return
      event.preventDefault()
      act()
    })

  const FORMS = {
    Quote: q => `“${q.words}” (${q.speaker}, ${q.title}, ${q.date}${q.corrected}) ${q.url}`,
    Markdown: q => `> ${q.words}\n>\n> ${q.speaker}, [${q.title}](${q.url}), ${q.date}${q.corrected}`,
    BibTeX: q => `@misc{${q.key},
  author = {${q.speaker}},
  title = {${q.title}},
  year = {${q.date.slice(0, 4)}},
  date = {${q.date}},
  url = {${q.url}},
  note = {“${q.words}”${q.corrected}},
}`,
  }

  const firstWords = range => {
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
    for (let text; (text = texts.nextNode()); ) {
      const shown = text.data.trim() && !text.parentElement.closest("sup, .sic-at, .sic-speaker")
      if (shown && range.intersectsNode(text) && !(text === range.startContainer && range.startOffset === text.length))
        return text
    }
    return range.startContainer
  }

  const canonical = () => document.querySelector("link[rel=canonical]")?.href

  const quotation = range => {
    const copied = range.cloneContents()
    const first = firstWords(range)
    all(unsaid(), copied).forEach(inner => inner.remove())
    const before = selector =>
      all(selector).findLast(
        found => found.contains(first) || found.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING,
      )
    const address = before('[id^="t"]:not([id*="_"]), [id^="l"]:not([id*="_"]), [id^="p"]:not([id*="_"])')?.id ?? ""
    const date = article.querySelector(".sic-facts")?.dataset.date ?? ""
    const speaker = before(".sic-speaker")?.textContent ?? ""
    return {
      words: copied.textContent.replace(/\s+/g, " ").trim(),
      speaker,
      title: article.querySelector("h1").firstChild.textContent.trim(),
      date,
      url: `${canonical() ?? location.href.replace(/[?#].*/, "")}#${address}`,
      key: `${speaker.toLowerCase().replace(/\W+/g, "")}${date.slice(0, 4)}${address}`,
      corrected: article.dataset.read !== "heard" && copied.querySelector("ins") ? ", corrected from the recogniser's transcript" : "",
    }
  }

  /* Servers refuse long addresses. */
  const reports = ({ title, url, speaker, words }) => {
    const repository = document.querySelector("a.md-source")?.href.replace(/\/$/, "")
    if (!repository) return []
    const form = new URLSearchParams({ template: "correction.yml", transcript: title, place: url, speaker, words })
    const report = () => `${repository}/issues/new?${form}`
    for (let kept = words.slice(0, 6000); kept && report().length > 6000; ) {
      const blank = kept.lastIndexOf(" ", kept.length - 60)
      kept = kept.slice(0, blank > 0 ? blank : -60)
      form.set("words", `${kept} …`)
    }
    return [outward("Suggest a correction", report())]
  }

  const quoting = () => {
    const bar = element("div", { class: "sic-quote", role: "toolbar", "aria-label": "Quote the selection", hidden: "" })
    let chosen
    let timer
    for (const label in FORMS) bar.append(copyButton(label, label, () => FORMS[label](chosen)))
    const update = () => {
      const selection = getSelection()
      const range = selection.rangeCount ? selection.getRangeAt(0) : null
      const inside = range && !range.collapsed && article.contains(range.commonAncestorContainer)
      const from = range?.startContainer
      bar.hidden = !(inside && (from.closest ? from : from.parentElement).closest(PARAGRAPHS)) || document.activeElement.closest(".sic-find")
      if (bar.hidden) return
      chosen = quotation(range)
      bar.querySelector("a")?.remove()
      bar.append(...reports(chosen))
      const { left, bottom } = range.getBoundingClientRect()
      moveTo(bar, left, bottom + 8)
    }
    on(document, "selectionchange", () => {
      clearTimeout(timer)
      timer = setTimeout(update, 250)
    })
    float(bar)
  }

  const sift = () => {
    let heading
    const entries = all("h2.sic-kind, .sic-kind ~ ul > li").flatMap(item => {
      if (item.matches("h2")) {
        heading = item
        return []
      }
      const text = foldAll(item.textContent)
      return { item, heading, text, kind: heading.firstChild.textContent, letter: text[0].toUpperCase() }
    })
    if (!entries.length) return
    const section = article.querySelector(".sic-crumbs")
    const input = field(`Find an entry${section ? " on this page" : ""}`)
    const count = element("output")
    const chosen = {}
    const update = () => {
      const wanted = foldAll(input.value).split(" ")
      const shown = entries.filter(
        entry => wanted.every(word => entry.text.includes(word)) && Object.entries(chosen).every(([name, value]) => !value || entry[name] === value),
      )
      const fitting = new Set(shown.flatMap(({ item, heading }) => [item, heading]))
      /* What stays as it is costs a browser nothing. */
      for (const { item, heading } of entries) for (const one of [item, heading]) one.hidden = !fitting.has(one)
      count.textContent = shown.length ? `${shown.length} of ${entries.length} entries` : "No entry fits"
    }
    const group = name => {
      const values = [...new Set(entries.map(entry => entry[name]))].sort()
      if (values.length < 2) return ""
      const made = element("div", { role: "group", "aria-label": `By ${name}`, class: `sic-by-${name}` })
      for (const value of values) {
        made.append(button(value, () => {
          chosen[name] = chosen[name] === value ? "" : value
          for (const other of made.children) other.ariaPressed = other.textContent === chosen[name]
          update()
        }, { "aria-pressed": false }))
      }
      rove(made, [...made.children])
      return made
    }
    on(input, "input", update)
    update()
    entries[0].heading.before(
      element("div", { class: "sic-sift", role: "search", "aria-label": "Glossary" }, input, count, section ? "" : group("kind"), group("letter")),
    )
  }

  const start = () => {
    page.abort()
    page = new AbortController()
    document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search")
    article = document.querySelector("article")
    if (!article) return
    document.body.append(status)
    article.dataset.address = canonical() ?? ""
    if (!article.querySelector(".sic-sift")) sift()
    notes()
    place()
    settle()
    on(window, "hashchange", settle)
    const head = article.querySelector(".sic-proof")
    if (!head || !article.querySelector(".sic-turn")) return
    const bar = element("div", { class: "sic-bar" }, ways())
    const open = finding(bar)
    bar.append(element("button", { type: "button", class: "sic-help", "aria-label": "Keys" }, "?"))
    head.after(bar)
    on(page.signal, "abort", () => bar.remove())
    quoting()
    keys({ t: open, j: () => toChapter(1), k: () => toChapter(-1) })
  }

  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", start)
  else document$.subscribe(start)
})()
