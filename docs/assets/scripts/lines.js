import { tr } from "./texts.js"

/* A line or a piece of a source without times. */
const LINES = { line: tr("line {number}"), piece: tr("piece {number}") }

export const nameLine = place => tr(LINES[place.unit], place)
