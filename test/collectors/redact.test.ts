import { describe, expect, test } from '@jest/globals';
import { redact } from '../../src/collectors/docker/redact.ts';

const REDACTED = '(redacted)';

describe('labels', () => {
  test.each([
    ['password', 'x'],
    ['db_password', 'x'],
    ['DB_PASS', 'x'],
    ['dbPassword', 'x'],
    ['com.example.api-key', 'x'],
    ['com.example.apiKey', 'x'],
    ['SecretKey', 'x'],
    ['aws.credentials', 'x'],
    ['oauth.token', 'x'],
    ['traefik.http.middlewares.m.basicauth.users', 'joe:x'],
    ['auth', 'x'],
    ['url', 'postgres://joe:hunter2@db/shop'],
    ['note', 'see https://u:p@example.org'],
    ['config', '{"password": "hunter2"}'],
    ['x', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['x', 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'],
    ['x', 'AKIAIOSFODNN7EXAMPLE'],
    ['x', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['x', 'joe:$apr1$abc$def'],
    ['x', 'Bearer abcdefghijkl'],
    ['x', 'k8sToken9ZxcvBnmAsdfGhjkQwertyUiop12'],
  ])('%s=%s look like credentials', (name, value) => {
    expect(redact({ [name]: value })).toEqual({ [name]: REDACTED });
  });

  test.each([
    ['com.docker.compose.project', 'shop'],
    ['com.docker.compose.config-hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['com.docker.compose.image', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['org.opencontainers.image.authors', 'Jo <jo@example.org>'],
    ['org.opencontainers.image.source', 'https://example.org/shop.git'],
    ['app', 'keycloak'],
    ['monkey', 'compass'],
    ['com.docker.network.bridge.name', 'br0'],
    ['\u001b[31m"><script>', 'shown as it is: doors escape'],
  ])('%s=%s do not', (name, value) => {
    expect(redact({ [name]: value })).toEqual({ [name]: value });
  });

  test('over 4 kB are cut, name and value', () => {
    const [[name, value] = ['', '']] = Object.entries(redact({ ['n'.repeat(65536)]: 'v '.repeat(32768) }));
    expect(name.length).toBeLessThan(4200);
    expect(value.length).toBeLessThan(4200);
    expect(value).toMatch(/\(cut\)$/);
  });

  test('hide a credential that stands beyond the cut', () => {
    expect(redact({ x: `${'a '.repeat(5000)} https://u:p@example.org` })).toEqual({ x: REDACTED });
  });

  test('of a hostile size are decided quickly', () => {
    const started = performance.now();
    redact({ x: 'a:/'.repeat(20_000), y: 'a'.repeat(65_536), z: `a://${'b'.repeat(60_000)}` });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
