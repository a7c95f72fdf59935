import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const compose = parse(readFileSync('docker-compose.yml', 'utf8'));
const { netwhy, postgres } = compose.services;

describe('docker-compose.yml', () => {
  test('sees the namespaces and the engine of the machine', () => {
    expect(netwhy).toMatchObject({ network_mode: 'host', pid: 'host' });
    expect(netwhy.volumes).toContain('/var/run/docker.sock:/var/run/docker.sock:ro');
  });

  test('gives the capabilities that collecting needs and no other', () => {
    expect(netwhy.cap_drop).toEqual(['ALL']);
    expect(netwhy.cap_add).toEqual(['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'DAC_READ_SEARCH']);
    expect(netwhy.security_opt).toContain('no-new-privileges:true');
    expect(netwhy).not.toHaveProperty('privileged');
    expect(netwhy.read_only).toBe(true);
  });

  test('listens on loopback and writes to its volume alone', () => {
    expect(netwhy.environment.NETWHY_LISTEN).toBe('127.0.0.1:4000');
    expect(netwhy.environment.DATABASE_URL).toBe('file:/data/netwhy.db');
    const written = netwhy.volumes.filter((volume: string) => !/:ro(,|$)/.test(volume));
    expect(written).toEqual(['data:/data']);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(['data']));
  });

  test('starts PostgreSQL only when asked to', () => {
    expect(postgres.profiles).toEqual(['postgres']);
  });
});

test('the image has every tool that is asked on a host', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  for (const tool of ['iproute2', 'iptables', 'nftables', 'ipset']) expect(dockerfile).toContain(tool);
  expect(dockerfile).toContain('prune --omit=dev');
});
