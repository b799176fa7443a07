import { expect, test } from 'vitest'
import { plainWords } from './plain-words.ts'

test.each([
  ['  Caffè   della MEMORIA!', ['caffe', 'della', 'memoria']],
  ['caffe\u0300', ['caffe']],
  ["sportello d'ascolto", ['sportello', 'd', 'ascolto']],
  ['baby-sitter, 0-3 anni', ['baby', 'sitter', '0', '3', 'anni']],
  ['Український чай', ['український', 'чай']],
  ['한국어', ['한국어']],
  ['"(', []],
  ['', []],
])('%s', (text, words) => {
  expect(plainWords(text)).toEqual(words)
})
