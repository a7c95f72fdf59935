/** Fenced blocks of Markdown, and the words of a command line. */
import { expect } from '@jest/globals';

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of its fence. */
  readonly line: number;
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));
}

/** Words as a shell parts them: quotes are known, variables and pipes are not. */
export function words(line: string): string[] {
  expect(line).not.toMatch(/[|$`<>;&](?=(?:[^'"]*['"][^'"]*['"])*[^'"]*$)/);
  return [...line.matchAll(/(?:'([^']*)'|"([^"]*)"|([^\s'"]+))+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}
