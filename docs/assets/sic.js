/* Reading aids of Sic: ways to read, notes in place, addresses, finding, quoting. Without this script
   the text, its corrections, notes and links are all there; nothing here fetches anything. */
(() => {
  "use strict"

  const WAYS = {
    corrected: ["Corrected", "The words that were said"],
    heard: ["As heard", "The words that the recogniser wrote"],
    clean: ["Clean", "Corrected, without fillers and false starts"],
  }
  const PARAGRAPHS = ".sic-turn, .sic-on"
  let cleanUp = () => {}

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.append(...children)
    return made
  }

  const button = (label, attributes, act) => {
    const made = element("button", { type: "button", ...attributes }, label)
    made.addEventListener("click", act)
    return made
  }

  /* Storage may be forbidden; then a choice lasts for the page. */
  const recall = key => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {
      /* see above */
    }
  }

  const status = element("span", { role: "status", class: "sic-hidden" })
  const say = text => (status.textContent = text)

  /* Whether the clipboard has it now; a browser may forbid that. */
  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      return false
    }
    say(`${what} copied`)
    return true
  }

  const copyButton = (label, what, render) => {
    const made = button(label, {}, async () => {
      made.textContent = (await copy(render(), what)) ? "Copied" : "Not copied"
      setTimeout(() => (made.textContent = label), 1200)
    })
    return made
  }

  /* Many links, one tab stop: the arrow keys go on from there. */
  const rove = (host, stops) => {
    const stay = stop => stops.forEach(other => (other.tabIndex = other === stop ? 0 : -1))
    stay(stops[0])
    host.addEventListener("focusin", event => stops.includes(event.target) && stay(event.target))
    host.addEventListener("keydown", event => {
      const number = stops.indexOf(event.target)
      if (number < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      const ahead = getComputedStyle(host).direction === "rtl" ? -1 : 1
      const next = { ArrowRight: number + ahead, ArrowLeft: number - ahead, Home: 0, End: stops.length - 1 }[event.key]
      if (!stops[next]) return
      event.preventDefault()
      stops[next].focus()
    })
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

  const ways = article => {
    const group = element("fieldset", { class: "sic-ways" }, element("legend", { class: "sic-hidden" }, "How to read"))
    const chosen = [new URLSearchParams(location.search).get("read"), recall("sic-read"), "corrected"].find(
      way => way in WAYS,
    )
    for (const [way, [label, title]] of Object.entries(WAYS)) {
      const input = element("input", { type: "radio", name: "sic-way", value: way })
      input.checked = way === chosen
      input.addEventListener("change", () => {
        read(article, way)
        say(`${label}: ${title}`)
        keep("sic-read", way)
        const here = new URL(location.href)
        if (way === "corrected") here.searchParams.delete("read")
        else here.searchParams.set("read", way)
        history.replaceState(history.state, "", here)
      })
      group.append(element("label", { title }, input, element("span", {}, label)))
    }
    read(article, chosen)
    return group
  }

  /* Notes and addresses in place --------------------------------------------------------------- */

  const ADDRESS = ".sic-turn > .sic-at, .sic-on > .sic-at"
  const OPENS = `a.footnote-ref, a.sic-term, ${ADDRESS}, .sic-help`

  /* The place in a recording, in the words of the host that has it. */
  const recordingAt = (recording, second) => {
    const url = URL.canParse?.(recording) ? new URL(recording) : null
    if (url?.protocol !== "https:") return ""
    if (/(^|\.)(youtube(-nocookie)?\.com|youtu\.be)$/.test(url.hostname)) url.searchParams.set("t", `${second}s`)
    else url.hash = `t=${second}${/(^|\.)vimeo\.com$/.test(url.hostname) ? "s" : ""}`
    return url.href
  }

  const outward = (label, href) => element("a", { href, target: "_blank", rel: "noopener" }, label)

  const actions = (article, link) => {
    const made = [copyButton("Copy link", `Link to ${link.textContent}`, () => link.href)]
    const second = /^#t(\d+)/.exec(link.hash)?.[1]
    const recording = second && recordingAt(article.querySelector(".sic-facts")?.dataset.recording, second)
    if (recording) made.push(outward("Play there", recording))
    const paragraph = document.createRange()
    paragraph.selectNodeContents(link.parentElement)
    const report = reportOf(quotation(article, paragraph))
    if (report) made.push(outward("Suggest a correction", report))
    return made
  }

  const notes = article => {
    const card = element("div", { id: "sic-card", hidden: "" })
    let owner = null
    let timer = 0

    const hide = () => {
      clearTimeout(timer)
      owner?.removeAttribute("aria-describedby")
      owner = null
      card.hidden = true
    }

    const note = link => {
      const found = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      const jump = element("a", { href: link.hash, class: "sic-jump" }, "All corrections and notes")
      jump.addEventListener("click", hide)
      card.replaceChildren(...[...(found?.childNodes ?? [])].map(node => node.cloneNode(true)))
      card.querySelectorAll(".footnote-backref").forEach(back => back.remove())
      card.querySelectorAll("[id]").forEach(inner => inner.removeAttribute("id"))
      card.append(element("p", { class: "sic-more" }, jump))
    }

    const fill = link => {
      const acts = link.matches(ADDRESS)
      card.className = acts ? "sic-card sic-quote" : "sic-card"
      card.setAttribute("role", acts ? "group" : "note")
      card.setAttribute("aria-label", acts ? `Address ${link.textContent}` : "Note")
      if (acts) card.replaceChildren(...actions(article, link))
      else if (link.matches(".sic-help")) card.replaceChildren(...help())
      else if (link.matches(".sic-term")) card.replaceChildren(element("p", {}, link.dataset.short ?? ""))
      else note(link)
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
      const left = Math.max(8, Math.min(box.left - 12, document.documentElement.clientWidth - card.offsetWidth - 8))
      const below = box.bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 60
      const top = below ? box.bottom + 6 : box.top - card.offsetHeight - 6
      card.style.left = `${left + scrollX}px`
      card.style.top = `${top + scrollY}px`
    }

    const later = (action, delay) => {
      clearTimeout(timer)
      timer = setTimeout(action, delay)
    }

    /* The browser's own tooltip would come on top of ours. */
    for (const term of article.querySelectorAll("a.sic-term[title]")) {
      term.dataset.short = term.title
      term.removeAttribute("title")
    }

    const on = (name, act) =>
      article.addEventListener(name, event => {
        const link = event.target.closest(OPENS)
        if (link) act(link, event)
      })
    on("pointerover", (link, event) => event.pointerType === "mouse" && later(() => show(link), 150))
    on("pointerout", (link, event) => event.pointerType === "mouse" && later(hide, 250))
    on("focusin", link => link.matches(":focus-visible") && show(link))
    on("focusout", (link, event) => card.contains(event.relatedTarget) || later(() => card.matches(":hover") || hide(), 150))
    on("click", async (link, event) => {
      if (event.metaKey || event.ctrlKey || link.matches(".sic-term")) return
      /* A touch or Enter on a note opens it here; the card leads on to the list. A mouse has seen
         the card already: its click leads to the list itself. */
      if (event.pointerType !== "mouse" || link.matches(".sic-help")) show(link)
      if (link.matches(".footnote-ref") && event.pointerType !== "mouse") {
        event.preventDefault()
        event.stopPropagation()
      }
      if (!link.matches(ADDRESS) || !(await copy(link.href, `Link to ${link.textContent}`))) return
      link.classList.add("sic-copied")
      setTimeout(() => link.classList.remove("sic-copied"), 1500)
    })
    card.addEventListener("pointerenter", () => clearTimeout(timer))
    card.addEventListener("pointerleave", event => event.pointerType === "mouse" && later(hide, 250))
    card.addEventListener("focusout", event => card.contains(event.relatedTarget) || event.relatedTarget === owner || later(hide, 150))

    for (const paragraph of article.querySelectorAll(PARAGRAPHS)) {
      const stops = [...paragraph.querySelectorAll("a")]
      if (stops.length) rove(paragraph, stops)
    }

    /* The card stands at the end of the page; Tab goes into it and back as if it stood here. */
    const onTab = event => {
      if (event.key !== "Tab" || card.hidden) return
      const stops = [...card.querySelectorAll("a, button, input")]
      const number = stops.indexOf(document.activeElement)
      if (document.activeElement === owner && !event.shiftKey && stops.length) {
        event.preventDefault()
        stops[0].focus()
      } else if (number === (event.shiftKey ? 0 : stops.length - 1) && stops.length) {
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
      if (!card.contains(event.target) && !event.target.closest?.(OPENS)) hide()
    }
    document.addEventListener("keydown", onTab)
    document.addEventListener("keydown", onKey)
    document.addEventListener("pointerdown", onPointer)
    aside(card)
    return () => {
      document.removeEventListener("keydown", onTab)
      document.removeEventListener("keydown", onKey)
      document.removeEventListener("pointerdown", onPointer)
      card.remove()
    }
  }

  /* What floats stands in the page's main landmark, behind the text. */
  const aside = part => (document.querySelector("main") ?? document.body).append(part)

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
    const onHash = () => settle(article)
    addEventListener("hashchange", onHash)
    settle(article)
    return () => removeEventListener("hashchange", onHash)
  }

  /* Find in this transcript --------------------------------------------------------------------- */

  /* Accents, and the points of Hebrew and Arabic. */
  const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g
  const PLAIN = { "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-" }
  const folds = new Map()
  const fold = sign => {
    if (!folds.has(sign)) {
      const plain = sign.normalize("NFD").replace(ACCENTS, "").normalize("NFC").toLowerCase()
      folds.set(sign, PLAIN[sign] ?? plain.replace(/\s/, " "))
    }
    return folds.get(sign)
  }
  const foldAll = text => [...text.trimStart()].map(fold).join("").replace(/ +/g, " ")

  const unsaid = article => `sup, .sic-at, .sic-speaker${article.dataset.read === "clean" ? ", .sic-f" : ""}`

  /* The words that are shown, folded, and for each of their signs where it stands in the page. */
  const wordsOf = article => {
    const hidden = unsaid(article)
    const [nodes, offsets, paragraphs] = [[], [], []]
    let [text, speaker] = ["", ""]
    const add = (sign, node, offset) => {
      if (sign === " " && /[ \n]$/.test(text.at(-1) ?? " ")) return
      for (const part of sign) {
        text += part
        nodes.push(node)
        offsets.push(offset)
      }
    }
    for (const paragraph of article.querySelectorAll(PARAGRAPHS)) {
      add("\n")
      speaker = paragraph.querySelector(".sic-speaker")?.textContent ?? speaker
      paragraphs.push({ start: text.length, speaker, paragraph })
      const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const node = texts.currentNode
        if (node.parentElement.closest(hidden)) continue
        for (let offset = 0; offset < node.length; offset++) add(fold(node.data[offset]), node, offset)
      }
    }
    const find = (wanted, by) => {
      const found = []
      let number = 0
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        while (paragraphs[number + 1]?.start <= at) number++
        if (!by || paragraphs[number].speaker === by) found.push(at)
      }
      return found
    }
    const range = (at, length) => ({
      startContainer: nodes[at],
      startOffset: offsets[at],
      endContainer: nodes[at + length - 1],
      endOffset: offsets[at + length - 1] + 1,
    })
    return { paragraphs, find, range }
  }

  const finding = (article, bar) => {
    const highlights = CSS.highlights
    const input = element("input", {
      type: "text",
      placeholder: "Find in this transcript",
      "aria-label": "Find in this transcript",
      autocomplete: "off",
      enterkeyhint: "search",
    })
    const speakers = new Set([...article.querySelectorAll(".sic-speaker")].map(name => name.textContent))
    const who = element("select", { "aria-label": "Speaker" }, new Option("All", ""), ...[...speakers].map(name => new Option(name)))
    const count = element("output", {})
    const step = by => {
      if (!found.length) return
      current = (current + by + found.length) % found.length
      show(true)
    }
    const previous = button("↑", { "aria-label": "Previous", title: "Previous (Shift+Enter)" }, () => step(-1))
    const next = button("↓", { "aria-label": "Next", title: "Next (Enter)" }, () => step(1))
    const done = button("×", { "aria-label": "Close", title: "Close (Escape)" }, () => close())
    const form = element("form", { class: "sic-find", role: "search", "aria-label": "Find in this transcript", hidden: "" }, input, count, previous, next, done)
    if (speakers.size > 1) input.after(who)
    const opener = button("Find", { class: "sic-open", title: "Find in this transcript (t)", "aria-keyshortcuts": "t", "aria-expanded": "false" }, () => open())

    let words = null
    let found = []
    let current = 0
    let from = 0
    let length = 0

    const clear = () => ["sic-found", "sic-current"].forEach(name => highlights?.delete(name))

    const mark = (name, ats, priority) => {
      const highlight = new Highlight()
      for (const at of ats) highlight.add(new StaticRange(words.range(at, length)))
      highlight.priority = priority
      highlights.set(name, highlight)
    }

    /* The current match, marked and clear of the header; from there the search goes on. */
    const show = chosen => {
      count.textContent = found.length ? `${current + 1} of ${found.length}` : length ? "Not found" : ""
      if (!found.length) return
      from = found[current]
      const { startContainer, startOffset, endContainer, endOffset } = words.range(from, length)
      const range = document.createRange()
      range.setStart(startContainer, startOffset)
      range.setEnd(endContainer, endOffset)
      if (highlights) mark("sic-current", [from], 1)
      else if (chosen) getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset)
      const box = range.getBoundingClientRect()
      if (box.top < bar.getBoundingClientRect().bottom + 16 || box.bottom > innerHeight - 40)
        scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" })
    }

    const search = () => {
      const wanted = foldAll(input.value)
      length = wanted.length
      found = length ? words.find(wanted, who.value) : []
      current = Math.max(found.findIndex(at => at >= from), 0)
      clear()
      if (highlights) mark("sic-found", found, 0)
      show(false)
    }

    /* The search begins with the first paragraph in view. */
    const open = () => {
      if (form.hidden) {
        form.hidden = false
        bar.classList.add("sic-finding")
        opener.setAttribute("aria-expanded", "true")
        words = wordsOf(article)
        const below = bar.getBoundingClientRect().bottom
        from = words.paragraphs.find(({ paragraph }) => paragraph.getBoundingClientRect().bottom > below)?.start ?? 0
        if (input.value) search()
      }
      input.focus()
      input.select()
    }

    const close = () => {
      form.hidden = true
      bar.classList.remove("sic-finding")
      opener.setAttribute("aria-expanded", "false")
      clear()
      opener.focus({ preventScroll: true })
    }

    input.addEventListener("input", search)
    who.addEventListener("change", search)
    form.addEventListener("submit", event => event.preventDefault())
    form.addEventListener("keydown", event => {
      if (event.key === "Escape") close()
      else if (event.key === "Enter" && event.target === input && !event.isComposing) step(event.shiftKey ? -1 : 1)
      else return
      event.preventDefault()
      event.stopPropagation()
    })
    /* In another way to read other words are shown. */
    bar.addEventListener("change", event => {
      if (form.hidden || event.target.name !== "sic-way") return
      words = wordsOf(article)
      search()
    })
    bar.append(opener, form)
    return { open, leave: clear }
  }

  /* Keys --------------------------------------------------------------------------------------- */

  const KEYS = { t: "find in this transcript", j: "next chapter", k: "previous chapter", "← →": "go along the links of a paragraph" }

  /* Who dictates, or types by accident, can do without. */
  const help = () => {
    const wanted = element("input", { type: "checkbox" })
    wanted.checked = recall("sic-keys") !== "off"
    wanted.addEventListener("change", () => keep("sic-keys", wanted.checked ? "on" : "off"))
    return [
      ...Object.entries(KEYS).map(([key, what]) => element("p", {}, element("kbd", {}, key), ` ${what}`)),
      element("p", { class: "sic-more" }, element("label", {}, wanted, " Use the letters as keys")),
    ]
  }

  /* From a chapter that the last step came to, else from the place on the screen. */
  const toChapter = (article, by) => {
    const headings = [...article.querySelectorAll("h2[id]")]
    const here = headings.indexOf(document.activeElement)
    const top = heading => heading.getBoundingClientRect().top
    const seen = here >= 0 && top(headings[here]) > 0 && top(headings[here]) < innerHeight
    const near = by > 0 ? headings.find(heading => top(heading) > REACHED) : headings.findLast(heading => top(heading) < 0)
    const heading = seen ? headings[here + by] : near
    if (!heading) return
    location.replace(`#${heading.id}`)
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }

  const keys = acts => {
    const onKey = event => {
      const act = acts[event.key?.toLowerCase()]
      const target = event.composedPath()[0]
      if (!act || event.defaultPrevented || event.isComposing) return
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || recall("sic-keys") === "off") return
      if (target.isContentEditable || target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select")) return
      event.preventDefault()
      act()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
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

  const pageAddress = () => document.querySelector("link[rel=canonical]")?.href ?? location.href.replace(/[?#].*/, "")

  const quotation = (article, range) => {
    const copied = range.cloneContents()
    const first = firstWords(article, range)
    copied.querySelectorAll(unsaid(article)).forEach(inner => inner.remove())
    const words = copied.textContent.replace(/\s+/g, " ").trim()
    const before = selector =>
      [...article.querySelectorAll(selector)].filter(
        found => found.contains(first) || found.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING,
      ).at(-1)
    const address = before('[id^="t"]:not([id*="_"]), [id^="l"]:not([id*="_"])')?.id ?? ""
    const date = article.querySelector(".sic-facts")?.dataset.date ?? ""
    const speaker = before(".sic-speaker")?.textContent ?? ""
    return {
      words,
      speaker,
      title: article.querySelector("h1").firstChild.textContent.trim(),
      date,
      url: `${pageAddress()}#${address}`,
      key: `${speaker.toLowerCase().replace(/\W+/g, "")}${date.slice(0, 4)}${address}`,
      corrected: article.dataset.read !== "heard" && Boolean(copied.querySelector("ins[data-heard]")),
    }
  }

  /* Longer addresses are refused by servers; what is quoted gives way, at a blank. */
  const LONGEST = 6000

  const reportOf = ({ title, url, speaker, words }) => {
    const repository = document.querySelector("a.md-source")?.href.replace(/\/$/, "")
    if (!repository) return ""
    const form = new URLSearchParams({ template: "correction.yml", transcript: title, place: url, speaker, words })
    let kept = words.slice(0, LONGEST)
    const filled = () => `${repository}/issues/new?${form}`
    while (kept && filled().length > LONGEST) {
      const blank = kept.lastIndexOf(" ", kept.length - 60)
      kept = kept.slice(0, blank > 0 ? blank : -60)
      form.set("words", `${kept} …`)
    }
    return filled()
  }

  const quoting = article => {
    const bar = element("div", { class: "sic-quote", role: "toolbar", "aria-label": "Quote the selection", hidden: "" })
    let chosen = null
    for (const [label, render] of Object.entries(FORMS)) bar.append(copyButton(label, label, () => render(chosen)))
    const report = outward("Suggest a correction", "")
    let timer = 0
    const update = () => {
      const selection = getSelection()
      const range = selection.rangeCount ? selection.getRangeAt(0) : null
      const inside = range && !range.collapsed && article.contains(range.commonAncestorContainer)
      const from = range?.startContainer
      const spoken = inside && (from.closest ? from : from.parentElement).closest(PARAGRAPHS)
      bar.hidden = !spoken || Boolean(document.activeElement.closest(".sic-find"))
      if (bar.hidden) return
      chosen = quotation(article, range)
      report.href = reportOf(chosen)
      if (report.getAttribute("href")) bar.append(report)
      const box = range.getBoundingClientRect()
      bar.style.left = `${Math.max(8, Math.min(box.left, innerWidth - bar.offsetWidth - 8)) + scrollX}px`
      bar.style.top = `${box.bottom + 8 + scrollY}px`
    }
    const onSelection = () => {
      clearTimeout(timer)
      timer = setTimeout(update, 250)
    }
    document.addEventListener("selectionchange", onSelection)
    aside(bar)
    return () => {
      document.removeEventListener("selectionchange", onSelection)
      bar.remove()
    }
  }

  /* The glossary: by text, kind and letter ------------------------------------------------------- */

  const sift = article => {
    const entries = [...article.querySelectorAll("h2.sic-kind")].flatMap(heading =>
      [...heading.nextElementSibling.children].map(item => ({
        item,
        heading,
        kind: heading.firstChild.textContent,
        letter: foldAll(item.textContent).charAt(0).toUpperCase(),
        text: foldAll(item.textContent),
      })),
    )
    if (!entries.length) return
    const input = element("input", { type: "text", placeholder: "Find an entry", "aria-label": "Find an entry", autocomplete: "off" })
    const count = element("output", {})
    const chosen = {}
    const group = (name, all) => {
      const there = new Set(entries.map(entry => entry[name]))
      const made = element("div", { role: "group", "aria-label": `By ${name}`, class: `sic-by-${name}` })
      for (const value of new Set([...all, ...[...there].sort()])) {
        const one = button(value, { "aria-pressed": "false" }, () => {
          chosen[name] = chosen[name] === value ? "" : value
          for (const other of made.children) other.ariaPressed = String(other.textContent === chosen[name])
          update()
        })
        one.disabled = !there.has(value)
        made.append(one)
      }
      rove(made, [...made.children].filter(one => !one.disabled))
      return made
    }
    const update = () => {
      const wanted = foldAll(input.value).split(" ")
      const fits = entry =>
        wanted.every(word => entry.text.includes(word)) && ["kind", "letter"].every(name => !chosen[name] || entry[name] === chosen[name])
      const shown = entries.filter(fits)
      const headings = new Set(shown.map(entry => entry.heading))
      for (const entry of entries) {
        entry.item.hidden = !shown.includes(entry)
        entry.heading.hidden = !headings.has(entry.heading)
      }
      count.textContent = shown.length ? `${shown.length} of ${entries.length} entries` : "No entry fits"
    }
    input.addEventListener("input", update)
    update()
    const kinds = new Set(entries.map(entry => entry.kind))
    entries[0].heading.before(
      element("div", { class: "sic-sift", role: "search", "aria-label": "Glossary" }, input, count, group("kind", kinds), group("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    )
  }

  const start = () => {
    cleanUp()
    cleanUp = () => {}
    /* The theme's dialog has no name of its own. */
    document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search")
    const article = document.querySelector("article")
    if (!article) return
    document.body.append(status)
    /* On paper a page says where it is to be found. */
    const canonical = document.querySelector("link[rel=canonical]")?.href
    if (canonical) article.dataset.address = canonical
    const map = article.querySelector(".sic-map svg")
    if (map) rove(map, [...map.querySelectorAll("a")])
    sift(article)
    const undo = [notes(article), place(article), addresses(article)]
    const head = article.querySelector(".sic-proof")
    if (head && article.querySelector(".sic-turn")) {
      const bar = element("div", { class: "sic-bar" }, ways(article))
      const { open, leave } = finding(article, bar)
      bar.append(button("?", { class: "sic-help", "aria-label": "Keys" }, () => {}))
      head.after(bar)
      undo.push(quoting(article), leave, keys({ t: open, j: () => toChapter(article, 1), k: () => toChapter(article, -1) }))
    }
    cleanUp = () => undo.forEach(step => step())
  }

  /* The themes exchange pages without loading them anew; then they say so here. */
  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", start)
  else document$.subscribe(start)
})()
