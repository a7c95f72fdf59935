import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { IntentState } from '../../src/model/intent.ts';
import type { Notice } from '../../src/model/notice.ts';
import { noticeRequest } from '../../src/notices/request.ts';
import { noticeText } from '../../src/notices/words.ts';
import { chatText } from '../../src/util/chat-text.ts';
import { noticeOf } from './notice.ts';

describe('a notice says what is so now', () => {
  test.each<[string, IntentState, IntentState, string]>([
    ['web must reach db:5432', 'HOLDS', 'BROKEN', 'web no longer reaches db:5432'],
    ['web must reach db:5432', 'UNKNOWN', 'BROKEN', 'web does not reach db:5432'],
    ['web must reach db:5432', 'BROKEN', 'HOLDS', 'web reaches db:5432 again'],
    ['web must reach db:5432', 'UNKNOWN', 'HOLDS', 'web reaches db:5432'],
    ['web must reach db:5432', 'HOLDS', 'UNKNOWN', 'it is no longer known whether "web must reach db:5432" holds'],
    ['internet must not reach db', 'HOLDS', 'BROKEN', 'internet now reaches db'],
    ['internet must not reach db', 'BROKEN', 'HOLDS', 'internet no longer reaches db'],
    ['every container of project a must reach b:1', 'HOLDS', 'BROKEN', 'it is no longer so that every container of project a reaches b:1'],
    ['every container of project a must not reach b:1', 'HOLDS', 'BROKEN', 'a container of project a now reaches b:1'],
    ['every container of project a must not reach b:1', 'BROKEN', 'HOLDS', 'no container of project a reaches b:1 any more'],
    ['only a, b may reach c:1', 'HOLDS', 'BROKEN', 'others than a, b now reach c:1'],
    ['only a, b may reach c:1', 'BROKEN', 'HOLDS', 'again nobody but a, b reaches c:1'],
  ])('%s: %s to %s', (intent, before, after, words) => {
    const text = noticeText(noticeOf({ intent, before, after }), '1 rule was added.');
    expect(text).toBe(`${words} since snapshot 12 (10:32:04 UTC): A rule drops it; what changed: 1 rule was added.`);
  });

  test('and leaves out what is not known', () => {
    expect(noticeText(noticeOf({}), null)).toBe('web no longer reaches db:5432 since snapshot 12 (10:32:04 UTC): A rule drops it');
  });
});

describe('the request', () => {
  const body = (notice: Notice, format: 'json' | 'slack') => JSON.parse(noticeRequest(notice, format, null, 0).body);

  test('is signed over its time and its body', () => {
    const { headers, body: sent } = noticeRequest(noticeOf({}), 'json', 'sesame', 1_700_000_000_999);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-netwhy-notice': '7', 'x-netwhy-timestamp': '1700000000' });
    expect(headers['x-netwhy-signature']).toBe(`sha256=${createHmac('sha256', 'sesame').update(`1700000000.${sent}`).digest('hex')}`);
    expect(JSON.stringify([headers, sent])).not.toContain('sesame');
  });

  test('holds the notice as JSON, without where else it goes', () => {
    const { deliveries: _, ...told } = noticeOf({});
    expect(body(noticeOf({}), 'json')).toEqual(told);
    expect(noticeRequest(noticeOf({}), 'json', null, 0).headers).not.toHaveProperty('x-netwhy-signature');
  });

  test('is text for a chat, in which hostile names mention nobody and link nowhere', () => {
    const text = 'web<!channel> & <@U1> @here [x](http://evil) \u001b[31m\u202e\nend';
    expect(body(noticeOf({ text }), 'slack')).toEqual({ text: chatText(text), link_names: false, unfurl_links: false, unfurl_media: false });
    expect(chatText('a'.repeat(70_000))).toBe(`${'a'.repeat(3000)}…`);
    expect(chatText(text)).toBe('web&lt;!channel&gt; &amp; &lt;@\u200bU1&gt; @\u200bhere [x]\u200b(http:\u200b//evil)  [31m end');
  });
});
