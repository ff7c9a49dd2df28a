/**
 * The texts of the console. The English text is the key (as with gettext), so English is always whole; another language is a map from English to its own
 * text, loaded by use(). `{name}` is replaced by a parameter; numbers are written as the language writes them.
 */
type Parameters = Record<string, string | number | bigint>;
export interface Language {
  code: string;
  texts: Record<string, string>;
}

let language: Language = { code: 'en', texts: {} };
let numbers = new Intl.NumberFormat('en');

export function use(next: Language): void {
  language = next;
  numbers = new Intl.NumberFormat(next.code);
  document.documentElement.lang = next.code;
}

export function formatNumber(value: number | bigint): string {
  return numbers.format(value);
}

export function t(text: string, parameters?: Parameters): string {
  const translated = language.texts[text] ?? text;
  if (!parameters) return translated;
  return translated.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === 'string' ? value : formatNumber(value);
  });
}

/** One text for exactly one, another for every other count; `{count}` in them is the count. */
export function plural(count: number | bigint, one: string, other: string, parameters?: Parameters): string {
  return t(count === 1 || count === 1n ? one : other, { count, ...parameters });
}

export const languageCode = (): string => language.code;
