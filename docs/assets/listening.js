/* The dock that plays the recording, loaded when a reader first wants to listen. Nothing is asked
   of a foreign host before the reader presses the button that names it. */

import { clock } from "./scripts/clock.js"
import { element, externalLink } from "./scripts/elements.js"

/* How the players of hosts begin at a second, are told to go to one, and tell where they are. */
const HOSTS = {
  "www.youtube-nocookie.com": {
    begin: second => `?enablejsapi=1&autoplay=1&start=${second}`,
    hello: [{ event: "listening", id: 1, channel: "widget" }],
    seek: second => [
      { event: "command", func: "seekTo", args: [second, true] },
      { event: "command", func: "playVideo", args: [] },
    ],
    time: data => data.info?.currentTime,
  },
  "player.vimeo.com": {
    begin: second => `?autoplay=1&dnt=1#t=${second}s`,
    hello: [{ method: "addEventListener", value: "timeupdate" }],
    seek: second => [{ method: "setCurrentTime", value: second }, { method: "play" }],
    time: data => data.data?.seconds,
  },
  /* Its messages need a script of its own, so that it is loaded again at another time. */
  "geo.dailymotion.com": { begin: second => `&autoplay=1&startTime=${second}` },
}

/* The address of a recording at a second, as its host or a browser reads it. */
const addressAt = (recording, second) => {
  const url = new URL(recording)
  if (/(^|\.)(youtube(-nocookie)?\.com|youtu\.be)$/.test(url.hostname))
    url.searchParams.set("t", `${second}s`)
  else if (/(^|\.)dailymotion\.com$|^dai\.ly$/.test(url.hostname))
    url.searchParams.set("start", second)
  else url.hash = `t=${second}${/(^|\.)vimeo\.com$/.test(url.hostname) ? "s" : ""}`
  return url
}

/* A player in a frame; `tell` gets the seconds as they pass. */
const frameOf = (address, host, second, tell, signal) => {
  const frame = element("iframe", {
    src: address + host.begin(second),
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    referrerpolicy: "strict-origin-when-cross-origin",
    title: "Recording",
  })
  const { origin } = new URL(address)
  const say = messages => {
    for (const one of messages) frame.contentWindow?.postMessage(JSON.stringify(one), origin)
  }
  if (host.hello) frame.addEventListener("load", () => say(host.hello))
  addEventListener(
    "message",
    event => {
      if (event.source !== frame.contentWindow || event.origin !== origin) return
      try {
        const data = typeof event.data === "string" ? JSON.parse(event.data) : event.data
        if (data.event === "ready" && host.hello) say(host.hello)
        const passed = host.time?.(data)
        if (typeof passed === "number") tell(passed)
      } catch {}
    },
    { signal },
  )
  const seek = to => (host.seek ? say(host.seek(to)) : (frame.src = address + host.begin(to)))
  return { part: frame, seek }
}

const mediaOf = (kind, address, second, tell) => {
  const audio = element(kind, { controls: "", preload: "none", src: address })
  audio.addEventListener("timeupdate", () => tell(audio.currentTime))
  const seek = to => {
    audio.currentTime = to
    audio.play().catch(() => {})
  }
  if (second) seek(second)
  return { part: audio, seek }
}

/* `links` lead to the recordings; `follow` is told the seconds as they pass, -1 at the end. */
const openDock = ({ links, opener, follow, signal }) => {
  let link = links[0]
  let player
  let opened
  let now
  const tell = second => {
    now = second
    follow(second)
  }
  /* A file of this site is played from where its link leads. */
  const addressOf = () => (link.dataset.own ? link.href : link.dataset.player)
  const hostOf = address => address && HOSTS[new URL(address).hostname]
  const stage = element("div", { class: "sic-stage" })
  const use = made => {
    player = made
    stage.replaceChildren(made.part)
  }
  const start = (second = 0) => {
    const address = addressOf()
    const host = hostOf(address)
    use(
      host
        ? frameOf(address, host, Math.floor(second), tell, signal)
        : mediaOf(link.dataset.own ?? link.dataset.kind ?? "audio", address, second, tell),
    )
    if (link.dataset.own) player.seek(second)
  }
  const poster = second => {
    const { hostname } = new URL(addressOf())
    const label = `Play from ${second ? clock(second) : "the beginning"}`
    const play = element("button", { type: "button" }, `▶ ${label}`)
    play.addEventListener("click", () => start(second))
    const told = element("p", {}, `The player of ${hostname} will load, and ${hostname} will know.`)
    stage.replaceChildren(play, told)
  }
  const file = element("input", { type: "file", accept: "audio/*,video/*" })
  file.addEventListener("change", () => {
    if (!file.files[0]) return
    URL.revokeObjectURL(opened)
    opened = URL.createObjectURL(file.files[0])
    use(mediaOf("audio", opened, 0, tell))
    player.seek(0)
  })
  const there = externalLink("", link.href)
  const close = element("button", { type: "button", "aria-label": "Close the recording" }, "×")
  const choices = links.map(one => element("button", { type: "button" }, one.textContent))
  const dock = element(
    "section",
    { class: "sic-dock", "aria-label": "Recording" },
    ...(links.length > 1
      ? [element("p", { role: "group", "aria-label": "Recordings" }, ...choices)]
      : []),
    stage,
    element("label", {}, "Or play a file of yours: ", file),
    element("p", {}, there),
    close,
  )
  const end = () => {
    dock.remove()
    stage.replaceChildren()
    player = null
    follow(-1)
  }
  close.addEventListener("click", () => {
    end()
    opener.focus()
  })
  signal.addEventListener("abort", end)
  const show = second => {
    const address = addressOf()
    there.href = second ? addressAt(link.href, Math.floor(second)) : link.href
    there.textContent = link.dataset.own
      ? `The file: ${link.textContent}`
      : `The recording at ${new URL(link.href).hostname}`
    choices.forEach((choice, number) => choice.setAttribute("aria-pressed", links[number] === link))
    if (player) return player.seek(second ?? 0)
    /* Players refuse pages that were opened as files. */
    const hosted = hostOf(address)
    if (!address || (hosted && location.protocol === "file:")) stage.replaceChildren()
    else if (hosted) poster(second ?? 0)
    else start(second)
  }
  const choose = (chosen, second) => {
    if (chosen !== link) player = null
    link = chosen
    show(second)
  }
  choices.forEach((choice, number) =>
    choice.addEventListener("click", () => choose(links[number], now)),
  )
  return (second, chosen = link) => {
    if (!dock.isConnected) document.body.append(dock)
    const playing = player && chosen === link
    choose(chosen, second)
    if (playing) return
    const first = stage.querySelector("button, audio, video") ?? file
    first.focus()
  }
}

window.sicIndex("listening", openDock)
