/* What a reader chose, kept on the device; browsers may refuse storage. */
export const kept = (name, value, store = "localStorage") => {
  try {
    const place = window[store]
    if (value !== undefined) place[`sic-${name}`] = value
    return place[`sic-${name}`]
  } catch {}
}
