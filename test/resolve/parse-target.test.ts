import { describe, expect, test } from '@jest/globals';
import { parseTarget } from '../../src/engine/resolve/index.ts';
import { UserError } from '../../src/model/errors.ts';

describe('what a person types is split into place, port and protocol', () => {
  test.each([
    ['web', 'web', null, null],
    ['web:80', 'web', 80, null],
    ['web:80/udp', 'web', 80, 'udp'],
    ['web:80/TCP', 'web', 80, 'tcp'],
    ['web/icmp', 'web', null, 'icmp'],
    ['  web:80 ', 'web', 80, null],
    ['192.0.2.10:8080', '192.0.2.10', 8080, null],
    ['192.0.2.10', '192.0.2.10', null, null],
    ['[::1]:80', '::1', 80, null],
    ['[2001:db8::1]:53/udp', '2001:db8::1', 53, 'udp'],
    ['[2001:db8::1]', '2001:db8::1', null, null],
    ['2001:db8::80', '2001:db8::80', null, null],
    ['host:h1:8080', 'host:h1', 8080, null],
    ['host:h1', 'host:h1', null, null],
    ['netns:x:80', 'netns:x', 80, null],
    ['netns:container:web:80', 'netns:container:web', 80, null],
    ['netns:h1/x:80/udp', 'netns:h1/x', 80, 'udp'],
    ['netns:pid:1234', 'netns:pid:1234', null, null],
    ['netns:pid:1234:80', 'netns:pid:1234', 80, null],
    ['container:web:80', 'container:web', 80, null],
    ['dns:db.example:5432', 'dns:db.example', 5432, null],
    ['shop/db:5432', 'shop/db', 5432, null],
    ['shop/db', 'shop/db', null, null],
    ['internet:443', 'internet', 443, null],
    ['http://db:5432/', 'dns:db', 5432, 'tcp'],
    ['http://db', 'dns:db', 80, 'tcp'],
    ['HTTPS://Web.example/path?x=1:2', 'dns:Web.example', 443, 'tcp'],
    ['postgres://user:secret@db/app', 'dns:db', 5432, 'tcp'],
    ['redis://10.0.0.1', '10.0.0.1', 6379, 'tcp'],
    ['http://[::1]:8080/x', '::1', 8080, 'tcp'],
    ['udp://db:53', 'dns:db', 53, 'udp'],
    ['tcp://db', 'dns:db', null, 'tcp'],
  ])('%s', (text, to, port, protocol) => {
    expect(parseTarget(text)).toEqual({ to, port, protocol });
  });

  test.each([['web:0'], ['web:65536'], ['host:h1:99999999999'], ['http://db:0/'], ['http:///x'], [''], ['   ']])('%j is refused with a hint', (text) => {
    let thrown: unknown;
    try {
      parseTarget(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ code: 'BAD_QUESTION' });
    expect((thrown as UserError).hint).not.toBe('');
  });

  test('64 kB of colons, brackets and slashes takes no time', () => {
    for (const unit of [':', '[', '/', 'a:', '::', '%', 'a/tcp', '\u001b[31m']) {
      const text = unit.repeat(65536 / unit.length);
      const start = performance.now();
      try {
        parseTarget(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
