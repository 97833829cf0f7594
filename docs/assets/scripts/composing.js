/* A correction as an editor writes it, from what a reader changed: a mark and its footnote. */

/* Signs inside words and numbers: beside one, the edge of a mark could merge two words into one. */
const JOINING = new Set(["", ".", ",", ":", "'", "’"])
const HOSTS = "em, .sic-doubt, a:not(.sic-term)"
const UNSEEN = /(?!\u200c|\u200d|\ufe0f)[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]/u
/* What the check takes of a mark: words heard, words said, and more than were heard. */
const [MOST_HEARD, MOST_SAID, MOST_GAINED] = [40, 12, 6]
const PROBLEMS = {
  same: "These words stand there already. Change what is wrong; capitals, commas and full stops need no correction.",
  corrected:
    "A word here was corrected before. Please choose it alone, or the words beside it.",
  across:
    "A title, a link or a question begins or ends among these words. Please correct what is inside and what is outside one after the other.",
  long: "That is too much at once: a correction has at most 12 words, and 6 more than were heard. Please correct one place after the other, or describe what is wrong.",
  unseen:
    "There is a sign in your words that cannot be seen. Please type them instead of pasting them.",
  how: "Please say how you know.",
  source: "Please say where it is on record.",
  reason: "Please say why, in a sentence.",
}

export const fold = text => text.replace(/\s+/g, " ").trim()
const escapeSigns = text => fold(text).replace(/[\\*[\]{}~]/g, "\\$&")
const keyOf = ({ 0: word }) => word.toLowerCase().replaceAll("’", "'")
const endOf = ({ 0: word, index }) => index + word.length

/* Whether the edge before a word lies inside what is one word to a reader: $5, R&D. */
const joins = (text, words, number) => {
  const [before, word] = [words[number - 1], words[number]]
  if (!before || !word || !JOINING.has(text.slice(endOf(before), word.index))) return false
  return endOf(before) < word.index || !/^\p{L}/u.test(before[0]) || !/^\p{L}/u.test(word[0])
}

/* The change that makes one text of another: its first word, and the ends in both. */
const differ = (text, old, after, now, isWhole) => {
  const [shorter] = [old.length, now.length].sort((one, other) => one - other)
  let [first, last] = [0, 0]
  while (first < shorter && keyOf(old[first]) === keyOf(now[first])) first++
  while (last < shorter - first && keyOf(old.at(-1 - last)) === keyOf(now.at(-1 - last))) last++
  if (first + last === old.length && old.length === now.length) return
  const cuts = (text, words, number) => joins(text, words, number) || isWhole(words, number)
  while (first && (cuts(text, old, first) || joins(after, now, first))) first--
  while (last && (cuts(text, old, old.length - last) || joins(after, now, now.length - last)))
    last--
  return [first, old.length - last, now.length - last]
}

const slice = (text, words, first, end) =>
  first < end ? fold(text.slice(words[first].index, endOf(words[end - 1]))) : ""

const isLong = (heard, said) =>
  heard > MOST_HEARD || said > MOST_SAID || said - heard > MOST_GAINED

/* What stands around some words of a paragraph, by the numbers of the first and the next. */
const aroundOf = (text, words, first, end) => ({
  before: slice(text, words, Math.max(0, first - 6), first),
  behind: slice(text, words, end, Math.min(words.length, end + 6)),
  beginsSentence:
    !first || /[.?!…:]/.test(text.slice(endOf(words[first - 1]), words[first]?.index)),
})

export const saidIn = mark => [...(mark.said ?? mark.childNodes)].map(node => node.textContent).join("")

/* What a reader changed in the words of a mark; `old` is what it says until now. */
export const findChangeOfMark = ({ text, parts }, mark, said, findWords) => {
  const [old, { heard }] = [saidIn(mark), mark.dataset]
  const [was, then, now] = [old, heard, said].map(findWords)
  const same = words => words.map(keyOf).join(" ") === now.map(keyOf).join(" ")
  if (UNSEEN.test(fold(said))) return { problem: PROBLEMS.unseen }
  if (same(was)) return { problem: PROBLEMS.same }
  const gives = same(then)
  if (!gives && isLong(then.length, now.length)) return { problem: PROBLEMS.long }
  const { start, length } = parts.find(({ node }) => node === mark)
  const words = findWords(text)
  const until = edge => words.filter(({ index }) => index < edge).length
  return {
    ...aroundOf(text, words, until(start), until(start + length)),
    heard: slice(heard, then, 0, then.length),
    said: slice(said, now, 0, now.length),
    old,
    gives,
    node: mark,
    offset: 0,
  }
}

/* What a reader changed in a paragraph, as a problem or as the words on both sides. */
export const findChange = ({ text, parts, from, to }, said, findWords) => {
  const after = text.slice(0, from) + said + text.slice(to)
  const [old, now] = [findWords(text), findWords(after)]
  const partOf = word => parts.findLast(({ start }) => start <= word.index)
  const hostOf = word => partOf(word).node.parentElement.closest(HOSTS)
  const asks = word => hostOf(word)?.matches(".sic-doubt") && hostOf(word)
  /* A question is answered as a whole. */
  const isWhole = (words, number) =>
    words === old &&
    number < old.length &&
    asks(old[number]) &&
    asks(old[number]) === asks(old[number - 1])
  const found = differ(text, old, after, now, isWhole)
  if (UNSEEN.test(fold(said))) return { problem: PROBLEMS.unseen }
  if (!found) return { problem: PROBLEMS.same }
  const [first, end, nowEnd] = found
  if (isLong(end - first, nowEnd - first)) return { problem: PROBLEMS.long }
  const change = { heard: slice(text, old, first, end), said: slice(after, now, first, nowEnd) }
  const touched = old.slice(first, end)
  const isPlain = number => old[number] && !partOf(old[number]).mark
  /* Words that are put in stand beside a word: behind it, unless a comma or the like lies between. */
  const isBehind =
    isPlain(first - 1) &&
    (!isPlain(first) || !/[.,;:?!…–—]/.test(after.slice(endOf(now[first - 1]), now[first]?.index)))
  const near = touched[0] ?? old[isBehind ? first - 1 : first]
  const [start, stop] = [touched[0]?.index ?? 0, touched.length ? endOf(touched.at(-1)) : 0]
  const isIn = ({ mark, start: at, length }) => mark && at < stop && at + length > start
  if (!near || partOf(near).mark || parts.some(isIn)) return { problem: PROBLEMS.corrected }
  if (touched.some(word => hostOf(word) !== hostOf(near))) return { problem: PROBLEMS.across }
  return {
    ...change,
    near: touched.length ? "" : near[0],
    isBehind,
    node: partOf(near).node,
    offset: near.index - partOf(near).start,
    ...aroundOf(text, old, first, end),
  }
}

const isRepeated = ({ heard, before, behind }) => {
  const words = ` ${heard.toLowerCase()} `
  return (
    ` ${before.toLowerCase()} `.endsWith(words) || ` ${behind.toLowerCase()} `.startsWith(words)
  )
}

/* The kind of an error; whoever reads the correction may choose another. */
const kindOf = ({ heard, said, beginsSentence, ...around }, evidence) => {
  if (!heard) return "dropout"
  if (!said) return isRepeated({ heard, ...around }) ? "repetition" : "garble"
  if (/\p{N}/u.test(heard + said)) return "number"
  if (evidence === "record" || /\p{Lu}/u.test(beginsSentence ? said.slice(1) : said)) return "name"
  const [one, other] = [heard, said].map(words => words.toLowerCase().split(" "))
  if (one.length !== other.length) return "garble"
  const stem = one[0].slice(0, Math.max(3, Math.min(one[0].length, other[0].length) - 2))
  return one.length === 1 && other[0].startsWith(stem) ? "ending" : "homophone"
}

const labelOf = words => {
  const plain = words
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’]/gu, "")
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "")
}

/* The two lines of a change, and its note; or the problem with what the reader answered. */
export const composeLines = (change, { evidence, source, reason }, isTaken) => {
  const sure = evidence === "record"
  if (!evidence) return { problem: PROBLEMS.how, field: "how" }
  if (sure && !source) return { problem: PROBLEMS.source, field: "source" }
  if (!/[\p{L}\p{N}]/u.test(reason)) return { problem: PROBLEMS.reason, field: "reason" }
  if (UNSEEN.test(source + reason)) return { problem: PROBLEMS.unseen, field: "reason" }
  const { heard, said, old, gives, near, isBehind } = change
  const base = labelOf(said || heard) || "sign"
  let label = base
  for (let number = 2; isTaken(label); number++) label = `${base}-${number}`
  const left = escapeSigns(heard)
  const markOf = right =>
    !left ? `{++${right}++}` : right ? `{~~${left}~>${right}~~}` : `{--${left}--}`
  const call = `${markOf(escapeSigns(said))}[^${label}]`
  const beside = near && escapeSigns(near)
  const line = !beside ? call : isBehind ? `${beside} ${call}` : `${call} ${beside}`
  const ended = /[.?!…][”"’')\]]*$/u.test(reason) ? reason : `${reason}.`
  const note = sure ? `${reason.replace(/[.]$/, "")} (${source}).` : ended
  const kind = kindOf(change, evidence)
  const head = `${kind}${sure ? "" : "?"}, ${evidence}`
  const was = old === undefined ? "" : markOf(escapeSigns(old))
  const written = [line, `[^${label}]: ${head}: ${escapeSigns(note)}`]
  const lines = gives ? [left || "—"] : [...written]
  if (was) lines.push(`in place of ${was}`)
  if (gives) lines.push(`because: ${note}`)
  return { ...change, kind, sure, note, written, was, lines }
}
