const ALIKE = { "’": "'", "‘": "'", "“": '"', "”": '"' }

const folds = {}

export const fold = sign =>
  (folds[sign] ??=
    ALIKE[sign] ??
    sign
      .normalize("NFD")
      .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "")
      .normalize("NFC")
      .toLowerCase()
      .replace(/\s/, " "))

export const foldAll = text => [...text.trim()].map(fold).join("").replace(/ +/g, " ")
