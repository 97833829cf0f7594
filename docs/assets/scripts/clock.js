/* A time in seconds as people write it: 3:07, 1:02:03. */
export const clock = second =>
  new Date(Math.floor(second) * 1000)
    .toISOString()
    .slice(second < 3600 ? 14 : 11, 19)
    .replace(/^0/, "")
